import { SuiteError } from "./load-error.ts";

/** Limits on what is read from elsewhere. */
export interface LoadLimits {
  readonly bytes: number;
  /** Milliseconds until the last byte. */
  readonly ms: number;
}

export const isAddress = (where: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(where);

/**
 * Text from an address: https, or http on this machine.
 * @throws SuiteError that says what was expected and what came
 */
export async function fetchText(address: string, limits: LoadLimits): Promise<string> {
  const url = readAddress(address);
  const place = shown(url);
  const refuse = (problem: string): SuiteError => new SuiteError(place, [problem]);
  const signal = AbortSignal.timeout(limits.ms);
  try {
    const response = await fetch(url, { redirect: "manual", signal, headers: { accept: "application/json" } });
    if (response.status >= 300 && response.status < 400) {
      throw refuse(`it redirects to ${response.headers.get("location") ?? "elsewhere"}. Give the final address.`);
    }
    if (!response.ok) throw refuse(`expected status 200, got ${response.status}.`);
    return await readBody(response, limits.bytes, refuse);
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    if (signal.aborted) throw refuse(`no complete answer within ${limits.ms / 1000} s.`);
    const { message, cause } = error as Error;
    throw refuse(`it cannot be reached: ${cause instanceof Error ? cause.message : message}.`);
  }
}

function readAddress(address: string): URL {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new SuiteError("the address", ["expected one such as https://example.org/suite.json; this does not parse."]);
  }
  const refuse = (problem: string): SuiteError => new SuiteError(shown(url), [problem]);
  if (url.username !== "" || url.password !== "") throw refuse("an address must not hold a name or password.");
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLocal)) return url;
  throw refuse(
    url.protocol === "http:"
      ? "expected https; http is for this machine only, as anyone on the way could change the incidents."
      : `expected https, got ${url.protocol.slice(0, -1)}.`,
  );
}

/** An address without what may be secret in it. */
export const shown = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`;

async function readBody(response: Response, most: number, refuse: (problem: string) => SuiteError): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    bytes += chunk.byteLength;
    if (bytes > most) throw refuse(`it is longer than ${inMebibytes(most)}. Split the suite.`);
    chunks.push(chunk);
  }
  return new Blob(chunks).text();
}

/** `8 MiB` */
export const inMebibytes = (bytes: number): string => `${bytes / 2 ** 20} MiB`;
