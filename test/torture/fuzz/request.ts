import fc from "fast-check";

/**
 * `valid` fits what is published and must be carried out; `near` differs from that in one place and may be either;
 * `negative` does not fit and must be refused.
 */
export const KINDS = ["valid", "near", "negative"] as const;
export type Kind = (typeof KINDS)[number];

/** A request in the form that its transport sends. */
export interface FuzzRequest<Wire> {
  readonly kind: Kind;
  readonly wire: Wire;
}

/** Requests of the three kinds, equally often. */
export function thirds<Wire>(by: Readonly<Record<Kind, fc.Arbitrary<Wire>>>): fc.Arbitrary<FuzzRequest<Wire>> {
  return fc.oneof(...KINDS.map((kind) => by[kind].map((wire) => ({ kind, wire }))));
}

/** One transport under fire. */
export interface FuzzTarget {
  readonly requests: fc.Arbitrary<FuzzRequest<unknown>>;
  /** Sends a request and returns what is wrong with the reply; null when it is as it should be. */
  judge(request: FuzzRequest<never>): Promise<string | null>;
  /** Plays one and the same episode in a session of its own, and returns all replies. */
  episode(): Promise<string>;
  end(): Promise<void>;
}

/** What became of a request, once its reply was found to be in form. An invalid action is answered, and costs a step. */
export type Outcome = "carried out" | "invalid action" | "refused";

/** What is wrong with that, for a request of this kind; what fits its schema may still be out of the range of its key. */
export function mismatch(kind: Kind, outcome: Outcome): string | null {
  const isWrong = { valid: outcome === "refused", near: false, negative: outcome === "carried out" }[kind];
  return isWrong ? `${kind}, but ${outcome}` : null;
}

/** What a carried out reset or step says of itself. */
export function outcomeOf(data: unknown): Outcome {
  const { observation } = data as { observation: { result?: { status?: string } } };
  return observation.result?.status === "invalid" ? "invalid action" : "carried out";
}

/** One place of a value changed: a key dropped, added or renamed, a value replaced. */
export function mutated(values: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(values, fc.nat(), fc.nat(3), oddValue).map(([value, at, how, odd]) => {
    const keys = Object.keys(value);
    const key = keys[at % Math.max(1, keys.length)] ?? "type";
    const { [key]: old, ...rest } = value as Record<string, unknown>;
    return [rest, { ...value, [key]: odd }, { ...value, [`${key}_`]: old }, { ...rest, [key.toUpperCase()]: old }][
      how
    ] as object;
  });
}

/** What belongs nowhere. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  // prettier-ignore
  fc.constantFrom<unknown>(
    null, true, -1, 0.5, 2 ** 53, 1e308, -0, "", " ", "cache ", "CACHE", "__proto__", "constructor", "\u0000", "\ud800",
    "\u202e", "x".repeat(9000), [], ["cache"], {}, { toString: 1 }, [[[[]]]],
  ),
);
