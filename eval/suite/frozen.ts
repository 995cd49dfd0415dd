import { z } from "zod";
import { canonicalJson, sha256 } from "../../env/store/canonical.ts";
import { UsageError } from "../errors.ts";

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A reference trajectory: what was done, and digests of what it must go on giving. */
const ReferenceEpisode = z.strictObject({
  policy: z.enum(["expert", "tour"]),
  seed: z.int().min(0),
  actions: z.array(z.string()),
  /** Actions and observations: changes with the environment version only. */
  trajectory_sha256: Digest,
  /** Rewards: changes with the scoring version too. */
  rewards_sha256: Digest,
});
export type ReferenceEpisode = z.output<typeof ReferenceEpisode>;

const TaskManifest = z.strictObject({ spec_sha256: Digest, episodes: z.array(ReferenceEpisode).min(1) });

const Ids = z.array(z.string());

/** A suite that never changes again: its definitions, and digests of all that they must go on doing. */
export const FrozenSuite = z.strictObject({
  name: z.string(),
  version: z.string(),
  splits: z.strictObject({ train: Ids, dev: Ids, test: Ids }),
  manifest: z.strictObject({
    env_version: z.string(),
    scoring_version: z.string(),
    tasks: z.record(z.string(), TaskManifest),
  }),
  tasks: z.array(z.looseObject({ id: z.string() })),
  /** Of all the above. */
  sha256: Digest,
});
export type FrozenSuite = z.output<typeof FrozenSuite>;

/** Adds the digest over everything else, order included. */
export function seal(unsealed: Omit<FrozenSuite, "sha256">): FrozenSuite {
  const { name, version, splits, manifest, tasks } = unsealed;
  const content = { name, version, splits, manifest, tasks };
  return { ...content, sha256: sha256(JSON.stringify(content)) };
}

/** The only text of a frozen suite: a file that differs from it in a byte was changed. */
export const frozenText = (frozen: FrozenSuite): string => `${JSON.stringify(frozen, null, 1)}\n`;

/** Hash of a definition as it stands in a file. */
export const definitionHash = (definition: unknown): string => sha256(canonicalJson(definition));

/**
 * Refuses a frozen suite whose content does not match its seal; anything without a seal passes.
 * @throws UsageError
 */
export function assertUntouched(where: string, document: unknown): void {
  if (typeof document !== "object" || document === null || !("sha256" in document)) return;
  const read = FrozenSuite.safeParse(document);
  if (read.success && seal(read.data).sha256 === read.data.sha256) return;
  throw new UsageError(
    `${where} was changed after it was frozen. Restore it, or remove "sha256" and "manifest" and give it a new version.`,
    "oncall suite check",
  );
}
