/** The part of a JSON Schema that says which fields an object may have. */
export interface FieldSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema | boolean;
  readonly prefixItems?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly const?: unknown;
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

/** The alternatives that a value can mean: those whose fixed fields it has, or all where it has none. */
function branchesFor(schema: FieldSchema, value: unknown): FieldSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (inner.length === 0) return [schema];
  const branches = inner.flatMap((branch) => branchesFor(branch, value));
  const meant = branches.filter((branch) => isMeant(branch, value));
  return meant.length > 0 ? meant : branches;
}

const isMeant = ({ properties = {} }: FieldSchema, value: unknown): boolean =>
  Object.entries(properties).every(
    ([name, { const: fixed }]) => fixed === undefined || (value as Record<string, unknown> | null)?.[name] === fixed,
  );
