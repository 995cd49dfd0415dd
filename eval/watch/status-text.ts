import { tableText } from "../cli/output.ts";
import { waitText } from "../cli/run-view/waits.ts";
import { flat, timeText } from "../report/facts.ts";
import { ABSENT, count, grouped, interval } from "../report/numbers.ts";
import { dollars } from "../report/use.ts";
import type { EndpointStatus } from "./endpoints.ts";
import type { RunStatus, TargetKind } from "./run-status.ts";
import type { TargetStatus } from "./targets.ts";

/** A run as it stands, as one block of text without a newline at its end. */
export function statusText(status: RunStatus, by: TargetKind): string {
  return [
    headText(status),
    progressText(status),
    targetsText(status.targets, by),
    ...whyText(status),
    ...eventTexts(status),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function headText({ run, player, at }: RunStatus): string {
  const name = run.name === null ? "" : ` (${run.name})`;
  const reason = run.reason === null ? "" : `: ${run.reason}`;
  const by =
    player === null
      ? ""
      : `, by process ${player.pid} on ${player.host}, heard of ${spanText(at - player.heartbeatAt)} ago`;
  return `Run ${run.runId}${name}, ${run.suite}@${run.suiteVersion}: ${run.status}${reason}${by}`;
}

const BAR_WIDTH = 30;

function progressText({ slots: { scored, unscored, running, pending }, etaMs }: RunStatus): string {
  const done = scored + unscored;
  const planned = done + running + pending;
  const filled = planned === 0 ? 0 : Math.floor((done / planned) * BAR_WIDTH);
  const eta = etaMs === null || etaMs === 0 ? "" : `, ETA ${spanText(etaMs)}`;
  return `[${"#".repeat(filled).padEnd(BAR_WIDTH, ".")}] ${done}/${count(planned, "episode")}, ${running} running, ${pending} pending${eta}`;
}

const targetsText = (targets: readonly TargetStatus[], by: TargetKind): string =>
  tableText(
    [by, "done", "running", "pending", "success [95 %]", "unscored", "calls", "tokens", "cost", "ETA"],
    targets.map((target) => [
      target.target,
      `${target.done}/${target.planned}`,
      `${target.running}`,
      `${target.pending}`,
      `${target.successes}/${target.success.n} ${interval(target.success)}`,
      Object.entries(target.unscored)
        .map(([name, n]) => `${name} ${n}`)
        .join(", "),
      target.failedCalls === 0
        ? grouped(target.calls)
        : `${grouped(target.calls)}, ${grouped(target.failedCalls)} failed`,
      grouped(target.tokens),
      dollars(target.costUusd, target.costComplete ? 0 : 1) ?? ABSENT,
      target.etaMs === null ? ABSENT : target.etaMs === 0 ? "" : spanText(target.etaMs),
    ]),
  );

/** What keeps the run from going on, the weightiest first. */
function whyText({ run, player, pause, endpoints, at }: RunStatus): string[] {
  const warnings =
    player?.liveness === "dead"
      ? [`WARNING: process ${player.pid} on ${player.host} is dead or silent. To go on: oncall resume ${run.runId}`]
      : player?.liveness === "unknown"
        ? [`WARNING: the clocks of this machine and ${player.host} disagree; whether the run is played is not known.`]
        : [];
  const paused = pause === "none" ? [] : [PAUSE_TEXTS[pause]];
  return [...warnings, ...paused, ...endpoints.flatMap((endpoint) => endpointTexts(endpoint, at))];
}

const PAUSE_TEXTS = {
  episode: "The pause file is there: no episode begins. To go on: oncall unpause",
  now: "The pause file says now: nothing is sent. To go on: oncall unpause",
} as const;

function endpointTexts({ agents, breaker, holds, inFlight, lastFailure }: EndpointStatus, at: number): string[] {
  const who = agents.join(", ");
  const failed =
    lastFailure === null
      ? []
      : [
          `${who}: the latest call failed ${spanText(at - lastFailure.at)} ago: ${lastFailure.errorClass}` +
            (lastFailure.httpStatus === null ? "" : `, HTTP ${lastFailure.httpStatus}`),
        ];
  const under = inFlight.map(
    ({ model, sentAt }) => `${who}: a call to ${model} has been under way for ${spanText(at - sentAt)}`,
  );
  const probing = breaker === "half_open" ? [`${who}: one call tries whether the provider is back`] : [];
  return [...failed, ...probing, ...under, ...holds.map((hold) => `${who}: ${waitText(hold)}`)];
}

const eventTexts = ({ events }: RunStatus): string[] =>
  events.map(({ at, type, data }) =>
    `${timeText(at)}  ${type}  ${flat("", data)
      .map(([name, value]) => `${name.trim()}=${value}`)
      .join(" ")}`.trimEnd(),
  );

/** `41 s`, `12 min`, `3 h 20 min`; never less than a second. */
export function spanText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
