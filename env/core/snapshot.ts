import { coldState } from "./cold.ts";
import type { State } from "./state.ts";

/**
 * A deep copy that shares nothing with the original.
 *
 * Every group is spread from the same template and then filled in. A copy that were spread from the source itself
 * would get a hidden class of its own each time, and the tick would slow down with every copy of a copy.
 */
export function cloneState(source: State): State {
  const { config } = source;
  const web = withOwnLists({ ...COLD.web }, COLD.web, source.web);
  web.routes = Object.assign({ ...COLD.web.routes }, source.web.routes);
  return {
    tick: source.tick,
    config: {
      load_balancer: Object.assign({ ...COLD.config.load_balancer }, config.load_balancer),
      web_server: Object.assign({ ...COLD.config.web_server }, config.web_server),
      cache: Object.assign({ ...COLD.config.cache }, config.cache),
      database: Object.assign({ ...COLD.config.database }, config.database),
      message_queue: Object.assign({ ...COLD.config.message_queue }, config.message_queue),
    },
    load: Object.assign({ ...COLD.load }, source.load),
    edge: withOwnLists({ ...COLD.edge }, COLD.edge, source.edge),
    web,
    cache: Object.assign({ ...COLD.cache }, source.cache),
    database: Object.assign({ ...COLD.database }, source.database),
    queue: Object.assign({ ...COLD.queue }, source.queue),
    levels: withOwnLists({ ...COLD.levels }, COLD.levels, source.levels),
    certificates: source.certificates.map((item) => Object.assign({}, item)),
    releases: source.releases.map((item) => Object.assign({}, item)),
    builds: source.builds.map((item) => Object.assign({}, item)),
    changesMade: source.changesMade.slice(),
    restartTicks: Object.assign({ ...COLD.restartTicks }, source.restartTicks),
    history: source.history.slice(),
  };
}

/** Fills a fresh group with the fields of another; lists keep their own storage. */
function withOwnLists<Group extends object>(fresh: Group, template: Group, source: Group): Group {
  Object.assign(fresh, source);
  for (const key in template) {
    const list = template[key];
    if (!Array.isArray(list)) continue;
    const own = list.slice();
    const values = source[key] as unknown[];
    for (let i = 0; i < own.length; i += 1) own[i] = values[i];
    fresh[key] = own as typeof list;
  }
  return fresh;
}

/** Fields that only ever hold whole numbers. */
const WHOLE = /^(?:tick|cursor|pinnedHost|\w+Ticks)$/;

/**
 * The template of every state. V8 chooses how to store a field when it first sees a value in it: so every number that
 * may turn fractional is a fraction here, and no state has to change its hidden class later on.
 */
const COLD: State = (() => {
  const { config, restartTicks, certificates, history, ...groups } = coldState();
  const fractions = JSON.stringify(groups, (key, value: unknown) =>
    typeof value === "number" && !WHOLE.test(key) ? 0.5 : value,
  );
  const shaped = JSON.parse(fractions) as Omit<State, "config" | "restartTicks" | "certificates" | "history">;
  return { ...shaped, config, restartTicks, certificates, history };
})();

/** The state as plain JSON data. */
export const snapshotState = (state: State): unknown =>
  JSON.parse(JSON.stringify({ ...state, history: Array.from(state.history) }));

/** Rebuilds a state from `snapshotState`; nothing is shared with the snapshot. */
export function restoreState(snapshot: unknown): State {
  const plain = snapshot as Omit<State, "history"> & { history: number[] };
  return cloneState({ ...plain, history: Float32Array.from(plain.history) });
}
