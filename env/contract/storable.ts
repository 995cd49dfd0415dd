/** Longest action as JSON, in characters: what fits a frame of any server. */
const LONGEST_ACTION = 60_000;
/** Nesting that any server takes around an action. */
const MAX_DEPTH = 24;

/**
 * An action as it can be sent, stored and replayed: as it is; or null where JSON would change or lose it, or where it is
 * longer or deeper than any server takes. None of these is a valid action either way.
 */
export const storableAction = (action: unknown): unknown =>
  isStorable(action, MAX_DEPTH) && JSON.stringify(action).length <= LONGEST_ACTION ? action : null;

function isStorable(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object":
      return (
        value === null || (depth > 0 && isPlain(value) && membersOf(value).every((one) => isStorable(one, depth - 1)))
      );
    case "undefined":
    case "function":
    case "bigint":
    case "symbol":
      return false;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

const membersOf = (value: object): unknown[] =>
  Array.isArray(value) ? [...(value as unknown[])] : Object.entries(value).flat();
