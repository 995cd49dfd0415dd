import { readResetOptions, RESET_OPTIONS } from "../contract/reset-options.ts";
import { badOption } from "../core/errors.ts";
import type { LiveSession } from "../session/live-session.ts";
import type { Player } from "../session/player.ts";
import type { Sessions } from "../session/sessions.ts";
import { RpcError } from "./json-rpc.ts";
import type { RpcRequest } from "./json-rpc.ts";
import { unknownSession } from "./openenv-dialect.ts";
import type { SessionAccess } from "./openenv-dialect.ts";

/** How a session begins that its client cannot reset. */
export interface EpisodeDefaults {
  readonly seed: number;
  /** Null: chosen by the seed. */
  readonly task: string | null;
}

export interface AccessContext {
  readonly sessions: Sessions;
  readonly defaults: EpisodeDefaults;
  /** Whether clients may choose how an episode begins. */
  readonly takesOptions: boolean;
}

/**
 * `POST /mcp`: any session by its id, new ones, and for a call that names none an episode of its own.
 * @param signal ends the wait for a slot, when whoever asked has gone
 * @param agent under which name its episodes are stored
 */
export function calledAccess(
  { sessions, defaults, takesOptions }: AccessContext,
  signal: AbortSignal,
  agent: string | undefined,
): SessionAccess<Promise<object>> {
  return {
    async create(params) {
      if (!takesOptions) refuseOptions(params, "In production mode a session takes no options");
      const options = beginning(defaults, params);
      const live = await sessions.open({ carrier: null, signal, agent });
      if (live === null) throw full(sessions.load);
      try {
        live.reset(options);
      } catch (error) {
        live.release();
        throw error;
      }
      return { session_id: live.id };
    },
    close: (id) => closeSession(sessions, id),
    find: (id) => found(sessions, id),
    own() {
      const session = sessions.temporary();
      begin(session, defaults);
      return session;
    },
    fresh: () => sessions.temporary(),
  };
}

/** A WebSocket: the connection's own session, which ends with it; others by their id. */
export function connectionAccess({ sessions }: Pick<AccessContext, "sessions">, live: LiveSession): SessionAccess {
  return {
    create(params) {
      refuseOptions(params, "This connection has its session, and it takes no options here");
      return { session_id: live.id };
    },
    close(id) {
      if (id === live.id) throw new RpcError("invalidRequest", "This session ends with its connection. Close that.");
      return closeSession(sessions, id);
    },
    find: (id) => sessions.find(id),
    own: () => live,
    fresh: () => sessions.temporary(),
  };
}

/** `POST /e/<handle>/mcp`, the agent plane: that episode and nothing else, and no control over it. */
export function handleAccess(
  { sessions }: Pick<AccessContext, "sessions">,
  handle: string,
  live: LiveSession,
): SessionAccess {
  return {
    create(params) {
      refuseOptions(params, "This address leads to one incident and takes no options");
      return { session_id: handle };
    },
    close(id) {
      if (id !== handle) throw unknownSession(id);
      throw new RpcError("invalidRequest", "Whoever opened this incident ends it; close it with resolve_incident.");
    },
    find: (id) => (id === handle ? live : null),
    own: () => live,
    fresh: () => sessions.temporary(),
  };
}

/** Begins the episode of a session that its client cannot reset. */
export function begin(player: Player, defaults: EpisodeDefaults): void {
  player.reset(beginning(defaults));
}

/** Options of a reset: the client's, and the server's defaults where they leave room. */
function beginning({ seed: defaultSeed, task }: EpisodeDefaults, params: RpcRequest["params"] = {}): object {
  const read = readResetOptions(params);
  if (!read.ok) throw badOption(read.reason);
  const { seed = defaultSeed, choice, text, episode_id } = read.request;
  const { task_id, split, index, difficulty } = choice;
  const chosen = [task_id, split, index, difficulty].some((option) => option !== undefined);
  return { ...(chosen ? {} : { task_id: task }), ...choice, seed, text, episode_id };
}

/** Whoever names a session is its client. */
function found(sessions: Sessions, id: string): LiveSession | null {
  const live = sessions.find(id);
  live?.heard();
  return live;
}

function closeSession(sessions: Sessions, id: string): object {
  const live = found(sessions, id);
  if (live === null) throw unknownSession(id);
  if (live.carrier === null) {
    live.release();
    return { session_id: id, closed: true };
  }
  live.endWithCarrier();
  return { session_id: id, closed: false, closing: true };
}

/** Nothing that was asked for is dropped in silence. */
function refuseOptions(params: RpcRequest["params"], reason: string): void {
  const given = [...RESET_OPTIONS, "options"].find((name) => (params[name] ?? null) !== null);
  if (given !== undefined) throw new RpcError("invalidParams", `Invalid params. ${reason}, got "${given}".`);
}

/** What a client is told when there is no room for another session. */
export const full = (load: object): RpcError =>
  new RpcError("serverError", "All episodes of this server are taken. Try again when one has ended.", load);
