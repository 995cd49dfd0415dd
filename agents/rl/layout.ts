import type { VectorSpec } from "../../env/vector/index.ts";

/** Features of one configuration key, by the last part of their names. */
const KEY_FEATURES = ["deviation", "revision", "set"] as const;
export const KEY_FEATURE_COUNT = KEY_FEATURES.length;

/** Sides of matrices are multiples of this: the library multiplies those several times faster. */
const STRIDE = 16;
export const padded = (side: number): number => Math.ceil(side / STRIDE) * STRIDE;

/** Columns of a key in the grid: look at its history, set it back, and then its values in the order of the table. */
const [LOOK, BACK, FIRST_VALUE] = [0, 1, 2];

/**
 * How a policy arranges the actions of a table: those that name a configuration key in a grid, keys × relations, since
 * what was seen of a key says much the same about every key; all others in a row behind it. A place in grid or row is a
 * cell; cells without an action are never allowed.
 */
export interface PolicyLayout {
  readonly obsDim: number;
  /** Width of a row: the features, and zeros behind them. */
  readonly rowWidth: number;
  readonly keys: number;
  readonly relations: number;
  /** Grid and row, and empty cells behind them. */
  readonly cells: number;
  /** The cell of each action. */
  readonly cellOf: Uint16Array;
  /** The action of each cell; −1 where there is none. */
  readonly actionOf: Int16Array;
  /** The feature that each key and key feature reads, keys × 3; −1 for a key that cannot be set. */
  readonly keyFeatures: Int16Array;
  /** The type of each cell's action; empty where there is none. */
  readonly typeOf: readonly string[];
  /** The cells whose actions differ from that of a cell in the fault alone, itself among them; none without a fault. */
  readonly faultsOf: readonly (readonly number[])[];
}

type SpecAction = VectorSpec["actions"][number];

/** The arrangement for a table of actions and one of features. */
export function layoutOf({ actions, features }: Pick<VectorSpec, "actions" | "features">): PolicyLayout {
  const positions = actions.map(({ action, value_from }) => ({
    name: keyName(action),
    back: isBack(action, value_from),
  }));
  const keys = [...new Set(positions.flatMap(({ name }) => (name === null ? [] : [name])))];
  const used = new Map(keys.map((name) => [name, FIRST_VALUE]));
  const columns = actions.map(({ action }, i) => {
    const { name, back } = positions[i] as (typeof positions)[number];
    if (name === null) return -1;
    if (action["type"] === "inspect_config") return LOOK;
    if (back) return BACK;
    const column = used.get(name) as number;
    used.set(name, column + 1);
    return column;
  });
  const relations = Math.max(0, ...used.values());
  const grid = keys.length * relations;
  let next = grid;
  const cellOf = Uint16Array.from(actions, (_, i) => {
    const { name } = positions[i] as (typeof positions)[number];
    if (name !== null) return keys.indexOf(name) * relations + (columns[i] as number);
    next += 1;
    return next - 1;
  });
  const cells = padded(next);
  const actionOf = new Int16Array(cells).fill(-1);
  cellOf.forEach((cell, action) => (actionOf[cell] = action));
  return {
    obsDim: features.length,
    rowWidth: padded(features.length),
    keys: keys.length,
    relations,
    cells,
    cellOf,
    actionOf,
    keyFeatures: Int16Array.from(
      keys.flatMap((name) =>
        KEY_FEATURES.map((of) => features.findIndex((one) => one.name === `config.${name}.${of}`)),
      ),
    ),
    typeOf: Array.from(actionOf, (action) => typeIn(actions[action])),
    faultsOf: faultsOf(actions, cellOf, cells),
  };
}

function faultsOf(actions: readonly SpecAction[], cellOf: Uint16Array, cells: number): number[][] {
  const groups = new Map<unknown, number[]>();
  actions.forEach(({ action }, i) => {
    if (action["fault"] === undefined) return;
    const group = groups.get(action["service"]) ?? [];
    groups.set(action["service"], group);
    group.push(cellOf[i] as number);
  });
  const found: number[][] = Array.from({ length: cells }, () => []);
  for (const group of groups.values()) for (const cell of group) found[cell] = group;
  return found;
}

/** `cache.ttl_s`; null for an action that names no key. */
function keyName(action: Readonly<Record<string, unknown>>): string | null {
  return typeof action["key"] === "string" ? `${String(action["service"])}.${action["key"]}` : null;
}

function typeIn(entry: VectorSpec["actions"][number] | undefined): string {
  const type = entry?.action["type"];
  return typeof type === "string" ? type : "";
}

const isBack = (action: Readonly<Record<string, unknown>>, from: string | undefined): boolean =>
  from !== undefined && from.startsWith(`${keyName(action)} before`);
