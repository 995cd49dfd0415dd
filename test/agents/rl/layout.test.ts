import { describe, expect, test } from "vitest";
import { layout } from "../../../agents/rl/sight.ts";
import { newRows, writeRow } from "../../../agents/rl/rows.ts";
import { FAULTS } from "../../../env/contract/index.ts";
import { vectorSpec } from "../../../env/vector/index.ts";

function cellNamed(text: string): number {
  const cell = layout.cellOf[vectorSpec.actions.findIndex((action) => action.text === text)];
  if (cell === undefined) throw new Error(`There is no action ${text}.`);
  return cell;
}
const relationOf = (text: string): number => cellNamed(text) % layout.relations;

describe("the layout of a policy", () => {
  test("gives every action of the table a cell of its own, and every other cell none", () => {
    expect(new Set(layout.cellOf).size).toBe(vectorSpec.num_actions);
    layout.cellOf.forEach((cell, action) => expect(layout.actionOf[cell]).toBe(action));
    expect(layout.actionOf.filter((action) => action >= 0)).toHaveLength(vectorSpec.num_actions);
  });

  test("puts what means the same for different keys in one column", () => {
    expect(relationOf("inspect_config(cache, ttl_s)")).toBe(relationOf("inspect_config(web_server, db_pool_size)"));
    expect(relationOf("update_config(cache, ttl_s, <cache.ttl_s before its last revision>)")).toBe(
      relationOf("update_config(web_server, db_pool_size, <web_server.db_pool_size before its last revision>)"),
    );
    expect(relationOf("update_config(web_server, db_pool_size, 20)")).toBe(
      relationOf("update_config(database, autovacuum, true)"),
    );
  });

  test("knows which actions differ in the fault alone", () => {
    const close = cellNamed("resolve_incident(cache, ttl)");
    const alike = layout.faultsOf[close] as readonly number[];
    expect(alike).toContain(close);
    expect(alike).toContain(cellNamed("resolve_incident(cache, cold)"));
    expect(alike).not.toContain(cellNamed("resolve_incident(database, ttl)"));
    expect(alike).toHaveLength(FAULTS.length);
    expect(layout.faultsOf[cellNamed("inspect_logs(cache)")]).toEqual([]);
  });

  test("reads the features of a key at that key's row", () => {
    const key = Math.floor(cellNamed("inspect_config(cache, ttl_s)") / layout.relations);
    const names = [0, 1, 2].map((i) => vectorSpec.features[layout.keyFeatures[3 * key + i] as number]?.name);
    expect(names).toEqual(["deviation", "revision", "set"].map((of) => `config.cache.ttl_s.${of}`));
  });

  test("a row holds the observation, what was seen of keys, and the mask, cell by cell", () => {
    const observations = Float32Array.from({ length: layout.obsDim }, (_, i) => i / layout.obsDim);
    const masks = new Uint8Array(vectorSpec.mask_bytes);
    const allowed = [0, 9, vectorSpec.num_actions - 1];
    for (const action of allowed) masks[action >> 3] = (masks[action >> 3] as number) | (1 << (action & 7));
    const rows = newRows(layout, 2);
    rows.masks.fill(1);
    writeRow(layout, rows, 1, { observations, masks }, { observation: 0, mask: 0 });
    const row = rows.masks.subarray(layout.cells);
    expect([...row.keys()].filter((cell) => row[cell] === 1)).toEqual(
      allowed.map((action) => layout.cellOf[action]).toSorted((a, b) => Number(a) - Number(b)),
    );
    expect(rows.observations.subarray(layout.rowWidth, layout.rowWidth + layout.obsDim)).toEqual(observations);
    const readable = layout.keyFeatures.findIndex((feature) => feature >= 0);
    expect(rows.keys[layout.keyFeatures.length + readable]).toBe(observations[layout.keyFeatures[readable] as number]);
  });
});
