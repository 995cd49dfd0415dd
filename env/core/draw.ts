import type { Names } from "./names.ts";
import { pick, uniform, wholeNumber } from "./rng.ts";
import type { Rng } from "./rng.ts";

/**
 * Replaces in plain data whatever a task leaves to the seed: `{one_of: […]}`, `{between: [low, high]}` (whole numbers
 * when both ends are), and `<role>` in text. Visits fields in the order in which they are written.
 * @throws RangeError for a role that is not drawn
 */
export function drawAll<T>(data: T, rng: Rng, names: Names): T {
  return visit(data, rng, names) as T;
}

function visit(data: unknown, rng: Rng, names: Names): unknown {
  if (typeof data === "string") return fillIn(data, names);
  if (typeof data === "object" && data !== null && isFixed(data)) return data;
  if (Array.isArray(data)) return data.map((item) => visit(item, rng, names));
  if (typeof data !== "object" || data === null) return data;
  const keys = Object.keys(data);
  if (keys.length === 1 && keys[0] === "one_of") {
    return visit(pick(rng, (data as { one_of: readonly unknown[] }).one_of), rng, names);
  }
  if (keys.length === 1 && keys[0] === "between") {
    const [low, high] = (data as { between: readonly [number, number] }).between;
    return Number.isInteger(low) && Number.isInteger(high) ? wholeNumber(rng, low, high) : uniform(rng, low, high);
  }
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, visit(value, rng, names)]));
}

/** Whether there is nothing to draw in it, so that it can be shared. Found once per object of a task. */
function isFixed(data: object): boolean {
  const known = fixed.get(data);
  if (known !== undefined) return known;
  const isDraw = !Array.isArray(data) && ("one_of" in data || "between" in data);
  const found =
    !isDraw &&
    Object.values(data).every((item: unknown) =>
      typeof item === "object" && item !== null ? isFixed(item) : typeof item !== "string" || !item.includes("<"),
    );
  fixed.set(data, found);
  return found;
}

const fixed = new WeakMap<object, boolean>();

/** Text with every `<role>` replaced by the name drawn for it. */
function fillIn(text: string, names: Names): string {
  if (!text.includes("<")) return text;
  return text.replace(/<([a-z_]+\.[a-z]+)>/g, (_, role: string) => {
    const drawn = Object.hasOwn(names, role) ? names[role] : undefined;
    if (drawn === undefined) throw new RangeError(`Unknown name <${role}>; known: ${Object.keys(names).join(", ")}.`);
    return drawn;
  });
}
