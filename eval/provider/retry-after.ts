/** Which headers a reply has. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * How long a reply asks to wait.
 * Reads `retry-after-ms`, `retry-after` (seconds, or a date by the server's own clock where it tells that too) and the
 * `x-ratelimit-reset-…` durations of limits that are used up; the first that makes sense.
 * @param now epoch milliseconds
 * @returns milliseconds ≥ 0, or null when nothing usable is said
 */
export function readRetryAfter(headers: HeaderReader, now: number): number | null {
  return (
    number(headers.get("retry-after-ms"), 1) ??
    number(headers.get("retry-after"), 1000) ??
    untilDate(headers, now) ??
    untilReset(headers)
  );
}

function number(text: string | null, unitMs: number): number | null {
  if (text === null || !/^\s*\d{1,12}(?:\.\d+)?\s*$/.test(text)) return null;
  return Math.ceil(Number(text) * unitMs);
}

/** Both dates come from one clock, so that ours may be wrong. A date that has passed asks for no wait. */
function untilDate(headers: HeaderReader, now: number): number | null {
  const until = date(headers.get("retry-after"));
  return until === null ? null : Math.max(0, until - (date(headers.get("date")) ?? now));
}

/** An HTTP date begins with a week day; `Date.parse` alone would take `-5` and `1` for years. */
function date(text: string | null): number | null {
  if (text === null || !/^[A-Z][a-z]{2,8},? /.test(text)) return null;
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : null;
}

function untilReset(headers: HeaderReader): number | null {
  const waits = ["requests", "tokens"].flatMap((what) => {
    const remaining = headers.get(`x-ratelimit-remaining-${what}`);
    const wait = duration(headers.get(`x-ratelimit-reset-${what}`));
    return wait === null || Number(remaining ?? 0) > 0 ? [] : [wait];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1m30s`, `6m0s`, `20ms`, `1.5s` */
function duration(text: string | null): number | null {
  if (text === null || !/^(?:\d{1,9}(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return null;
  const parts = [...text.matchAll(/([\d.]+)(ms|[dhms])/g)];
  return Math.ceil(parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0));
}
