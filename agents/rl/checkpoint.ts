import { z } from "zod";
import { sizesOf, TrainSettings } from "./settings.ts";
import type { PolicyState } from "./policy.ts";
import { shapesOf, sizeOf, WEIGHTS } from "./weights.ts";
import type { PolicyLayout } from "./layout.ts";
import type { Weights } from "./weights.ts";
import type { TrainerState } from "./trainer.ts";

/** The tables and versions under which a policy was trained. */
const SpecIds = z.strictObject({
  action_space_id: z.string(),
  obs_space_id: z.string(),
  env_version: z.string(),
  suite: z.string(),
  scoring_version: z.string(),
});
export type SpecIds = z.output<typeof SpecIds>;

/** Numbers of 32 bits, little endian, as base64. */
const Block = z.base64();
const Blocks = z.record(z.enum(WEIGHTS), Block);

const Checkpoint = z.strictObject({
  format: z.literal("oncall.rl/1"),
  spec: SpecIds,
  settings: TrainSettings,
  counters: z.strictObject({ updates: z.int().min(0), steps: z.int().min(0), episodes: z.int().min(0) }),
  weights: Blocks,
  optimiser: z.strictObject({
    steps: z.int().min(0),
    moments: z.strictObject({ first: Blocks, second: Blocks }).nullable(),
  }),
  novelty_counts: z.array(z.int().min(0)),
});

/** A policy as it is kept: all that training needs to go on, and nothing that depends on when or where it ran. */
export interface SavedPolicy {
  readonly spec: SpecIds;
  readonly settings: TrainSettings;
  readonly policy: PolicyState;
  readonly trainer: TrainerState;
}

/** A checkpoint that cannot be used; the message is for people. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** The text of a checkpoint; equal policies give equal texts. */
export function checkpointText({ spec, settings, policy, trainer }: SavedPolicy): string {
  const { moments, steps } = policy;
  const document: z.input<typeof Checkpoint> = {
    format: "oncall.rl/1",
    spec,
    settings,
    counters: trainer.counters,
    weights: encode(policy.weights),
    optimiser: {
      steps,
      moments: moments === null ? null : { first: encode(moments.first), second: encode(moments.second) },
    },
    novelty_counts: Array.from(trainer.noveltyCounts),
  };
  return `${JSON.stringify(document)}\n`;
}

/**
 * Reads a checkpoint.
 * @param layout of the tables in use
 * @param ids versions and tables in use; the checkpoint must have been trained under the same ones
 * @param where what to call it in a message
 * @throws CheckpointError for a text that is no checkpoint, or another environment's
 */
export function readCheckpoint(text: string, layout: PolicyLayout, ids: Partial<SpecIds>, where: string): SavedPolicy {
  const parsed = Checkpoint.safeParse(parseJson(text, where));
  if (!parsed.success) {
    throw new CheckpointError(`${where} is no checkpoint of this program: ${z.prettifyError(parsed.error)}`);
  }
  const { spec, settings, counters, weights, optimiser, novelty_counts } = parsed.data;
  refuseForeign(spec, ids, where);
  const sizes = sizesOf(settings);
  const decode = (blocks: z.output<typeof Blocks>): Weights => decodeAll(blocks, layout, sizes, where);
  return {
    spec,
    settings,
    policy: {
      sizes,
      weights: decode(weights),
      moments:
        optimiser.moments === null
          ? null
          : { first: decode(optimiser.moments.first), second: decode(optimiser.moments.second) },
      steps: optimiser.steps,
    },
    trainer: { counters, noveltyCounts: novelty_counts },
  };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CheckpointError(`${where} is no checkpoint: it is not JSON, or was cut short.`, { cause: error });
  }
}

function refuseForeign(spec: SpecIds, ids: Partial<SpecIds>, where: string): void {
  const different = Object.entries(ids).filter(([name, id]) => spec[name as keyof SpecIds] !== id);
  if (different.length === 0) return;
  const said = different.map(([name, id]) => `${name} ${spec[name as keyof SpecIds]} (here ${id})`).join(", ");
  throw new CheckpointError(
    `${where} was trained for another environment: ${said}. Train it again, or use that version.`,
  );
}

const encode = (weights: Weights): Record<(typeof WEIGHTS)[number], string> =>
  Object.fromEntries(WEIGHTS.map((name) => [name, toBase64(weights[name])])) as Record<
    (typeof WEIGHTS)[number],
    string
  >;

function decodeAll(
  blocks: Readonly<Record<string, string>>,
  layout: PolicyLayout,
  sizes: PolicyState["sizes"],
  where: string,
): Weights {
  const shapes = shapesOf(layout, sizes);
  return Object.fromEntries(
    WEIGHTS.map((name) => {
      const values = fromBase64(blocks[name] as string);
      const expected = sizeOf(shapes[name]);
      if (values.length === expected && values.every(Number.isFinite)) return [name, values];
      throw new CheckpointError(`${where}: expected ${expected} finite numbers in "${name}", got ${values.length}.`);
    }),
  ) as unknown as Weights;
}

function toBase64(values: Float32Array): string {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes.toString("base64");
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i));
}
