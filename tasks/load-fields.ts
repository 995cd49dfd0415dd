/** The part of a JSON Schema that says which fields an object may have. */
export interface FieldSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema | boolean;
  readonly prefixItems?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly const?: unknown;
  readonly required?: readonly string[];
}

/** Names of the fields that an object at a path of the data may have. */
export function fieldsAt(schema: FieldSchema, path: readonly PropertyKey[], data: unknown): string[] {
  let branches = branchesFor(schema, data);
  let value = data;
  for (const part of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
    branches = branches.flatMap((branch) => within(branch, part)).flatMap((inner) => branchesFor(inner, value));
  }
  return [...new Set(branches.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function within({ properties, items, prefixItems }: FieldSchema, part: PropertyKey): FieldSchema[] {
  if (typeof part === "number") return [prefixItems?.[part] ?? items].filter((inner) => typeof inner === "object");
  const inner = properties?.[String(part)];
  return inner === undefined ? [] : [inner];
}

/** The alternatives that a value can mean: those that it shares most with. */
function branchesFor(schema: FieldSchema, value: unknown): FieldSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (inner.length === 0) return [schema];
  const branches = inner.flatMap((branch) => branchesFor(branch, value));
  const most = Math.max(...branches.map((branch) => shared(branch, value)));
  return branches.filter((branch) => shared(branch, value) === most);
}

/** Required fields that a value has as the alternative wants them, less those that it has otherwise. */
function shared({ properties = {}, required = [] }: FieldSchema, value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  for (const name of required.filter((one) => one in value)) {
    const wanted = properties[name]?.const;
    count += wanted === undefined || wanted === (value as Record<string, unknown>)[name] ? 1 : -1;
  }
  return count;
}
