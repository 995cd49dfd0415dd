import { expect, test } from "vitest";
import { assertSqlite } from "../../../../env/store/sqlite/open.ts";

test.for(["3.51.2", "3.50.99", "2.99.99", ""])("SQLite %s is not safe to write with", (version) => {
  expect(() => assertSqlite(version)).toThrow(/Expected SQLite 3\.51\.3 or newer/);
});

test.for(["3.51.3", "3.52.0", "4.0.0"])("SQLite %s is", (version) => {
  expect(() => assertSqlite(version)).not.toThrow();
});
