import type { Database, PragmaOptions } from "better-sqlite3";
import type { DurableHook } from "../durable.ts";

/**
 * A connection that says what it is about to do on the way to the disk, just before it does it: `begin`, the table that
 * a statement writes to, `schema`, `commit`, `checkpoint`. What the hook throws, the step throws.
 */
export function watched(db: Database, announce: DurableHook): Database {
  const prepare = (sql: string) => {
    const statement = db.prepare(sql);
    const table = /^(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)/.exec(sql.trim())?.[1];
    if (table === undefined) return statement;
    return overriding(statement, { run: (...bound: unknown[]) => (announce(table), statement.run(...bound)) });
  };
  const transaction = (body: (...given: unknown[]) => unknown) => {
    const whole = db.transaction((...given: unknown[]) => {
      const result = body(...given);
      announce("commit");
      return result;
    });
    return Object.assign((...given: unknown[]) => (announce("begin"), whole(...given)), {
      deferred: (...given: unknown[]) => (announce("begin"), whole.deferred(...given)),
      immediate: (...given: unknown[]) => (announce("begin"), whole.immediate(...given)),
      exclusive: (...given: unknown[]) => (announce("begin"), whole.exclusive(...given)),
    });
  };
  const exec = (sql: string) => (announce("schema"), db.exec(sql));
  const pragma = (source: string, options?: PragmaOptions): unknown => {
    if (source.startsWith("wal_checkpoint")) announce("checkpoint");
    return db.pragma(source, options);
  };
  return overriding(db, { prepare, transaction, exec, pragma } as unknown as Partial<Database>);
}

/** Puts the operation under way before each step: `commitEpisode:commit`. Before any it is `open`. */
export function operations(durable: DurableHook) {
  let operation = "open";
  return {
    announce: (step: string) => durable(`${operation}:${step}`),
    /** Methods that each announce under their own name. */
    named: <Methods extends object>(methods: Methods): Methods => {
      const entries = Object.entries(methods).map(([name, method]: [string, (...given: unknown[]) => unknown]) => [
        name,
        (...given: unknown[]) => {
          operation = name;
          return method(...given);
        },
      ]);
      return Object.fromEntries(entries) as Methods;
    },
  };
}

/** The same object with other methods. What it keeps is bound to it, since its native parts refuse a proxy. */
function overriding<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(methods, name)) return methods[name as keyof Target];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
