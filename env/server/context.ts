import type { Suite } from "../core/task.ts";
import type { Limits } from "../session/limits.ts";
import type { Sessions } from "../session/sessions.ts";
import type { ServerConfig } from "./config.ts";
import type { Connections } from "./socket/connections.ts";

/** What every route of a server works with; the listeners of one server share it. */
export interface ServerContext {
  readonly suite: Suite;
  readonly config: ServerConfig;
  readonly limits: Limits;
  readonly sessions: Sessions;
  readonly connections: Connections;
  /** False while results cannot be saved. */
  readonly saving: () => boolean;
  /** True once the server is to end: what is new is refused. */
  draining: boolean;
}
