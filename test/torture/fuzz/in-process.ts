import fc from "fast-check";
import { environmentSchema } from "../../../env/contract/schema.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { inProcess } from "../transports/in-process.ts";
import { actionsFrom } from "./actions.ts";
import { fixedEpisode } from "./episode.ts";
import { resetOptions } from "./options.ts";
import { replyChecks } from "./replies.ts";
import { mismatch, outcomeOf, thirds } from "./request.ts";
import type { FuzzRequest, FuzzTarget, Kind } from "./request.ts";

type Call = { readonly reset: object } | { readonly step: unknown };

/** Sessions of this process. */
export async function fuzzInProcess(): Promise<FuzzTarget> {
  const published = environmentSchema();
  const actions = actionsFrom(published.action);
  const checks = replyChecks(published);
  const transport = inProcess(coreSuite);
  const door = await transport.open();
  await door.reset({ seed: 1 });
  let isOver = false;
  const calls = (kind: Kind): fc.Arbitrary<Call> =>
    fc.oneof(
      { weight: 3, arbitrary: actions[kind].map((step) => ({ step })) },
      { weight: 1, arbitrary: resetOptions[kind].map((reset) => ({ reset })) },
    );
  return {
    requests: thirds<Call>({ valid: calls("valid"), near: calls("near"), negative: calls("negative") }),
    async judge({ kind, wire }: FuzzRequest<Call>) {
      if (isOver) await door.reset({ seed: 1 });
      const { refused, data } = "reset" in wire ? await door.reset(wire.reset) : await door.step(wire.step);
      isOver = data?.done === true;
      if (refused !== null) return mismatch(kind, "refused");
      return checks.observation(data) ?? mismatch(kind, outcomeOf(data));
    },
    episode: () => fixedEpisode(transport),
    end: async () => transport.end(),
  };
}
