import type { SessionDescriptor } from "../contract/frames.ts";
import type { LiveSession } from "../session/live-session.ts";
import type { ServerContext } from "./context.ts";

/** Makes a session resumable and says how it is found again; the token told before is void. */
export function describeSession(live: LiveSession, { sessions, limits }: ServerContext): SessionDescriptor {
  const { episode_id, step_count, terminated = false, truncated = false } = live.state();
  return {
    session_id: live.id,
    resume_token: live.renewToken(),
    resume_window_s: live.bound ? limits.detachedMs / 1000 : limits.callIdleS,
    durable: sessions.durable,
    agent_path: episode_id === null ? null : `/e/${live.handle}`,
    step_count,
    episode_id,
    done: terminated || truncated,
    last_request_id: live.lastRequestId,
  };
}
