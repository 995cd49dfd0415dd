/** A reply of status 200 that is no completion. */
export class ReplyFault extends Error {
  override readonly name = "ReplyFault";
  readonly kind: "malformed" | "empty" | "in_band";
  /** The error that the reply holds, as it came; with `in_band` only. */
  readonly inBand: unknown;

  constructor(kind: ReplyFault["kind"], inBand: unknown = null) {
    super(`The reply is ${kind}.`);
    this.kind = kind;
    this.inBand = inBand;
  }
}
