import { namedType } from "./names.ts";
import { call, identifier, members, pascal, text } from "./python.ts";
import type { Schema } from "./python.ts";

/** A class that stands for an object of the schema. */
export interface PythonClass {
  readonly name: string;
  readonly base: string;
  readonly about: string;
  readonly schema: Schema;
}

/** Collects the classes that an object needs, innermost first, as Python wants them. */
export class Classes {
  readonly #sources: string[] = [];

  /** Writes a class for an object, and those of the objects inside of it. */
  add({ name, base, about, schema }: PythonClass, skip: readonly string[] = []): void {
    const { properties = {}, required = [] } = schema;
    const fields = Object.entries(properties)
      .filter(([key]) => !skip.includes(key))
      .map(([key, one]) => this.#field(name, key, one, required.includes(key)));
    this.#sources.push(`class ${name}(${base}):\n    """${about}"""\n\n${fields.join("")}`);
  }

  toString(): string {
    return this.#sources.join("\n\n");
  }

  /** `unit: str = Field(description="…")`; what Python reserves gets another name and keeps its own on the wire. */
  #field(owner: string, key: string, schema: Schema, isRequired: boolean): string {
    const name = identifier(key);
    const type = this.#type(owner, key, schema);
    const optional = isRequired || type.endsWith("| None") ? type : `${type} | None`;
    const options = [
      ...(isRequired ? [] : ["default=None"]),
      ...(name === key ? [] : [`alias=${text(key)}`]),
      ...(schema.description === undefined ? [] : [`description=${text(schema.description)}`]),
    ];
    return `${fieldOf(`    ${name}: ${optional}`, options)}\n`;
  }

  #type(owner: string, key: string, schema: Schema): string {
    const named = namedType(schema);
    if (named !== null) return named;
    const { type, enum: values, const: value, anyOf, oneOf } = schema;
    if (value !== undefined) return `Literal[${members([value]).join(", ")}]`;
    if (values !== undefined) return `Literal[${members(values).join(", ")}]`;
    if (anyOf !== undefined) return anyOf.map((one) => this.#type(owner, key, one)).join(" | ");
    if (oneOf !== undefined) return this.#tagged(`${owner}${pascal(key)}`, oneOf);
    if (Array.isArray(type)) return type.map((one) => this.#type(owner, key, { type: one })).join(" | ");
    if (type === "array") return `list[${this.#item(owner, key, schema)}]`;
    if (type === "object") return this.#object(owner, key, schema);
    return scalars[type as string] ?? unknown(`${owner}.${key}`, schema);
  }

  /** A row of mixed cells is a list of whatever any of them is. */
  #item(owner: string, key: string, { items, prefixItems = [] }: Schema): string {
    const kinds = [...prefixItems, ...(items === undefined ? [] : [items])];
    return [...new Set(kinds.map((one) => this.#type(owner, singular(key), one)))].join(" | ");
  }

  #object(owner: string, key: string, schema: Schema): string {
    const { properties, additionalProperties } = schema;
    if (properties !== undefined && Object.keys(properties).length > 0) {
      const name = `${owner.startsWith("Oncall") ? "" : owner.replace(/Data$/, "")}${pascal(key)}`;
      this.add({ name, base: "Part", about: `\`${key}\` of ${owner}.`, schema });
      return name;
    }
    const values = typeof additionalProperties === "object" ? additionalProperties : {};
    return values.type === undefined ? "dict[str, Any]" : `dict[str, ${this.#type(owner, key, values)}]`;
  }

  /** Objects told apart by their `kind`, under one name. */
  #tagged(name: string, kinds: readonly Schema[]): string {
    const names = kinds.map((schema) => {
      const kind = String(schema.properties?.kind?.const);
      const member = `${pascal(kind)}Data`;
      this.add({ name: member, base: "Part", about: `A result's data of kind \`${kind}\`.`, schema });
      return member;
    });
    this.#sources.push(call(`${name} = Annotated[`, [names.join(" | "), 'Field(discriminator="kind")'], "]\n"));
    return name;
  }
}

/** `before = Field(…)`, or the plain default where nothing else is said. */
export function fieldOf(before: string, options: readonly string[]): string {
  if (options.length === 0) return before;
  if (options.length === 1 && options[0] === "default=None") return `${before} = None`;
  return call(`${before} = Field(`, options, ")");
}

const scalars: Readonly<Record<string, string>> = {
  string: "str",
  number: "float",
  integer: "int",
  boolean: "bool",
  null: "None",
};

/** `dependencies` → `dependency`, `rows` → `row` */
const singular = (name: string): string => name.replace(/ies$/, "y").replace(/([^s])s$/, "$1");

function unknown(place: string, schema: Schema): never {
  throw new RangeError(`${place}: no Python type for ${JSON.stringify(schema)}. Teach the generator this form.`);
}
