import type { ResetTurn, StepTurn } from "./turns.ts";

/** Where OpenEnv has no place of its own for `terminated`, `truncated` and `info`: an observation's metadata. */
interface Metadata {
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: object;
}

/** Data of an observation frame, and the body of a reset or step over HTTP. */
export interface ObservationBody {
  /** What the agent sees. June's clients read the metadata in here. */
  readonly observation: ResetTurn["observation"] & { readonly metadata: Metadata };
  /** Null after a reset, finite after every step. */
  readonly reward: number | null;
  /** `terminated || truncated` */
  readonly done: boolean;
  /** Later clients read the metadata here. */
  readonly metadata: Metadata;
}

/**
 * A reset on the wire. The metadata is sent twice, and the nested copy keeps its `info` to itself until the end: many
 * harnesses show the whole observation to the model, and `info` belongs to the control plane.
 */
export const resetBody = ({ observation, info }: ResetTurn): ObservationBody => ({
  observation: { ...observation, metadata: { terminated: false, truncated: false, info: {} } },
  reward: null,
  done: false,
  metadata: { terminated: false, truncated: false, info },
});

/** A step on the wire; once it is done, both copies of the metadata carry everything. */
export function stepBody({ observation, reward, terminated, truncated, info }: StepTurn): ObservationBody {
  const done = terminated || truncated;
  const metadata = { terminated, truncated, info };
  return {
    observation: { ...observation, metadata: done ? metadata : { terminated, truncated, info: {} } },
    reward,
    done,
    metadata,
  };
}
