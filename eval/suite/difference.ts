const MOST_CHARACTERS = 60;

/** Where two pieces of plain data first differ: `siblings[0].load: frozen as 1.2, now 1.3`; null when they are equal. */
export function firstDifference(frozen: unknown, now: unknown, path = ""): string | null {
  if (isContainer(frozen) && isContainer(now) && Array.isArray(frozen) === Array.isArray(now)) {
    for (const key of new Set([...Object.keys(frozen), ...Object.keys(now)])) {
      const place = Array.isArray(frozen) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      const found = firstDifference(frozen[key], now[key], place);
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(frozen, now) ? null : `${path}: frozen as ${shown(frozen)}, now ${shown(now)}`;
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
