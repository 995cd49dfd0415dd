import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { rlKind } from "../agents/index.ts";
import { lazily } from "../agents/rl/agent.ts";
import { layout } from "../agents/rl/sight.ts";
import { CheckpointError, readCheckpoint } from "../agents/rl/checkpoint.ts";
import { vectorIds } from "../agents/rl/spec-ids.ts";
import { ENV_VERSION } from "../env/core/version.ts";
import { sha256 } from "../env/store/canonical.ts";
import { UsageError } from "./errors.ts";
import { newVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/**
 * The variant of a trained policy. Two checkpoints are two variants, whatever their files are called.
 * @param file a checkpoint that `oncall train` wrote
 * @throws UsageError for a file that cannot be read, is no checkpoint, or belongs to another environment
 */
export function rlVariant(file: string): Variant {
  const text = readText(file);
  const { policy, settings, trainer } = readPolicy(text, file);
  const digest = sha256(text).slice(0, 8);
  return newVariant(rlKind(basename(file), lazily(policy)), {
    label: `rl:${basename(file, ".json")}@${digest}`,
    kind: "rl",
    harness: "oncall-gym",
    harnessVersion: ENV_VERSION,
    assisted: false,
    sampling: { checkpoint: digest, steps: trainer.counters.steps, seed: settings.seed },
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read the checkpoint "${file}" (${code ?? "unknown"}).`, "oncall train");
  }
}

function readPolicy(text: string, file: string): ReturnType<typeof readCheckpoint> {
  try {
    return readCheckpoint(text, layout, vectorIds, file);
  } catch (error) {
    if (error instanceof CheckpointError) throw new UsageError(error.message, "oncall train");
    throw error;
  }
}
