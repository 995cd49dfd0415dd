import { randomBytes } from "node:crypto";

/** An id that nobody can guess: 128 random bits, after the node's own id where several share an address. */
export const newId = (nodeId: string): string =>
  `${nodeId === "" ? "" : `${nodeId}.`}${randomBytes(16).toString("base64url")}`;
