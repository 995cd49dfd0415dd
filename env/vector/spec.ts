import { createHash } from "node:crypto";
import { ENV_VERSION } from "../core/version.ts";
import { MASK_BYTES } from "./actions/mask.ts";
import { referenceText } from "./actions/references.ts";
import { ACTIONS } from "./actions/table.ts";
import { FEATURE_COUNT, FEATURES } from "./features/table.ts";

/** Which tables a batch's numbers belong to, and how many there are. */
export interface VectorSizes {
  readonly protocol: "oncall.vector/1";
  readonly env_version: string;
  /** Hash of the action table; goes into checkpoints. */
  readonly action_space_id: string;
  /** Hash of the feature table; goes into checkpoints. */
  readonly obs_space_id: string;
  readonly num_actions: number;
  /** ceil(num_actions / 8) */
  readonly mask_bytes: number;
  readonly obs_dim: number;
}

/** What stays the same for every task and every connection: the tables behind the numbers of a batch. */
export interface VectorSpec extends VectorSizes {
  readonly max_envs: number;
  readonly actions: readonly SpecAction[];
  readonly features: readonly SpecFeature[];
}

/** One discrete action. */
export interface SpecAction {
  readonly index: number;
  /** Text form, for people: `update_config(cache, ttl_s, 300)`. */
  readonly text: string;
  /** The flat JSON form. Where its value is read off what was shown, `value` is missing and `value_from` says whence. */
  readonly action: Readonly<Record<string, unknown>>;
  readonly value_from?: string;
}

/** One number of an observation; `low` and `high` are reached at most. */
export interface SpecFeature {
  readonly index: number;
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** Most environments on one connection, unless the operator says otherwise. */
export const MAX_ENVS = 1024;

const actions = ACTIONS.map(({ index, text, fields, open }): SpecAction => ({
  index,
  text,
  action: fields,
  ...(open === null ? {} : { value_from: referenceText(open.from) }),
}));
const features = FEATURES.map((feature, index): SpecFeature => ({ index, ...feature }));

/** Eight hexadecimal digits that stand for a table. */
const idOf = (table: unknown): string => createHash("sha256").update(JSON.stringify(table)).digest("hex").slice(0, 8);

export const vectorSizes: VectorSizes = {
  protocol: "oncall.vector/1",
  env_version: ENV_VERSION,
  action_space_id: `a-${idOf(actions)}`,
  obs_space_id: `o-${idOf(features)}`,
  num_actions: ACTIONS.length,
  mask_bytes: MASK_BYTES,
  obs_dim: FEATURE_COUNT,
};

/** The tables of this environment version. */
export const vectorSpec: VectorSpec = { ...vectorSizes, max_envs: MAX_ENVS, actions, features };
