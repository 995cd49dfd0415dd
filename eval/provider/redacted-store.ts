import type { ResultStore } from "../../env/store/store.ts";
import { redactDeep } from "./redact.ts";
import type { Redact } from "./redact.ts";

/** Whether what a method is given may hold text from outside. A new method does not compile until it has its line. */
const TAKES_TEXT: Readonly<Record<keyof ResultStore, boolean>> = {
  createRun: true,
  startRun: false,
  finishRun: true,
  holdRun: false,
  beatRun: false,
  recoverRun: false,
  amendRun: true,
  dropSlots: false,
  orderSlots: false,
  plan: true,
  startEpisode: false,
  commitEpisode: true,
  reopenSlot: false,
  recordEpisodes: true,
  addEvent: true,
  takePermit: true,
  settlePermit: true,
  loseCalls: false,
  runs: false,
  run: false,
  latestRun: false,
  suite: false,
  variants: false,
  taskSpecs: false,
  slots: false,
  episodes: false,
  steps: false,
  events: false,
  calls: false,
  gate: false,
  deleteRun: false,
  health: false,
  close: false,
};

type Method = (...given: unknown[]) => unknown;

/** A store into which no secret can be written, whatever text a model, a provider or an error brought it in. */
export function redactedStore(store: ResultStore, redact: Redact): ResultStore {
  const methods = Object.entries(TAKES_TEXT).map(([name, takesText]) => {
    const method = store[name as keyof ResultStore] as Method;
    return [name, takesText ? (...given: unknown[]) => method(...redactDeep(given, redact)) : method] as const;
  });
  return Object.fromEntries(methods) as unknown as ResultStore;
}
