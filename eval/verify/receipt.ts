import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { sha256 } from "../../env/store/canonical.ts";
import type { Verification } from "./verify.ts";

/**
 * That a run was replayed, by which versions, under which salt, and out of which bytes. It holds for those bytes alone:
 * whatever is written to the database afterwards, even of another run, makes it void.
 */
const Receipt = z.strictObject({
  format: z.literal("oncall-gym/receipt@1"),
  env_version: z.literal(ENV_VERSION),
  scoring_version: z.literal(SCORING_VERSION),
  salt_sha256: z.string(),
  database_sha256: z.string(),
  verification: z.strictObject({
    runId: z.string(),
    replayed: z.int(),
    scored: z.int(),
    problems: z.tuple([]),
    mismatches: z.tuple([]),
    notes: z.array(z.string()),
  }),
});

/** What a receipt is about. */
export interface Replayed {
  /** The SQLite file. */
  readonly database: string;
  readonly runId: string;
  /** Of the run's seeds; empty for the published ones. */
  readonly salt: string;
}

/**
 * What replaying these very bytes has shown before; null where that is not known. Only sound runs are known.
 * @param hash of the database as it is now
 */
export function readReceipt(file: string, { runId, salt }: Replayed, hash: string): Verification | null {
  const read = Receipt.safeParse(jsonOf(file));
  if (!read.success) return null;
  const { verification, salt_sha256, database_sha256 } = read.data;
  const isOf = verification.runId === runId && salt_sha256 === sha256(salt);
  return isOf && database_sha256 === hash ? verification : null;
}

/**
 * Keeps that a run was replayed and is sound. Where it cannot be written, the run is replayed again the next time.
 * @param before the hash of the database before it was read: a receipt of what was written meanwhile would be false
 */
export function writeReceipt(file: string, verification: Verification, { database, salt }: Replayed, before: string) {
  const isStill = before === databaseHash(database);
  if (!isStill || verification.problems.length > 0 || verification.mismatches.length > 0) return;
  const receipt = {
    format: "oncall-gym/receipt@1",
    env_version: ENV_VERSION,
    scoring_version: SCORING_VERSION,
    salt_sha256: sha256(salt),
    database_sha256: before,
    verification,
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(receipt, null, 2)}\n`, { mode: 0o600 });
  } catch {
    // A folder that others own is read all the same.
  }
}

const CHUNK = 1 << 20;

/** SHA-256 of a SQLite database: the file, and what is committed beside it and not in it yet. */
export function databaseHash(database: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (const file of [database, `${database}-wal`]) {
    const descriptor = openIfThere(file);
    if (descriptor === null) continue;
    try {
      for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
        hash.update(chunk.subarray(0, read));
      }
    } finally {
      closeSync(descriptor);
    }
  }
  return hash.digest("hex");
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, "r");
  } catch {
    return null;
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
