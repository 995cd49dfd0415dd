import { lookup } from "node:dns/promises";

/** How far the way to an endpoint goes. */
export type Reached =
  | { readonly ok: true; readonly what: string; readonly detail: string; readonly skewMs: number | null }
  | { readonly ok: false; readonly what: string; readonly detail: string };

/** How long the endpoint may take to answer anything at all, in milliseconds. */
const REACH_MS = 10_000;

/**
 * Looks a host up, connects to it, and reads its clock off the head of whatever it answers. No key is sent, and no
 * model is asked.
 * @param now epoch milliseconds
 */
export async function reachEndpoint(baseUrl: string, signal: AbortSignal, now: () => number): Promise<Reached> {
  const { hostname, protocol } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  let address: string;
  try {
    ({ address } = await lookup(host));
  } catch (error) {
    return { ok: false, what: "name", detail: `${host} cannot be looked up (${codeOf(error)}); look at base_url` };
  }
  const secure = protocol === "https:";
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(REACH_MS)]);
    const response = await fetch(baseUrl, { method: "HEAD", redirect: "manual", signal: within });
    const date = Date.parse(response.headers.get("date") ?? "");
    const skewMs = Number.isNaN(date) ? null : now() - date;
    return { ok: true, what: secure ? "TLS" : "connection", detail: `${host} (${address})`, skewMs };
  } catch (error) {
    const code = codeOf((error as Error).cause ?? error);
    const isTls = secure && /CERT|TLS|SSL|SELF_SIGNED/.test(code);
    return { ok: false, what: isTls ? "TLS" : "connection", detail: `${host} (${address}): ${code}` };
  }
}

/** The system's code where there is one; its sentence otherwise. */
const codeOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" ? code : String(message);
};
