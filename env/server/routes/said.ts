import type { FastifyRequest } from "fastify";

/** What a request says by a header or, where it cannot send one, in its address; null where it says nothing. */
export function said({ headers, query }: Pick<FastifyRequest, "headers" | "query">, header: string, name: string) {
  const given = headers[header] ?? (query as Readonly<Record<string, unknown>>)[name];
  if (given === undefined) return null;
  return typeof given === "string" ? given : ""; // said twice: nothing that can be meant
}
