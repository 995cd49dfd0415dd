import { describe, expect, test } from "vitest";
import { Slots } from "../../../env/session/slots.ts";
import type { Slot, SlotHolder } from "../../../env/session/slots.ts";

const LONG = 60_000;
const never = new AbortController().signal;

/** A holder that can be silenced, and that gives its slot up when asked to. */
class Holder implements SlotHolder {
  silent = false;
  gaveUp = false;
  slot: Slot | null = null;

  unresponsive(): boolean {
    return this.silent;
  }

  giveUp(): void {
    this.gaveUp = true;
    this.slot?.release();
  }

  async take(slots: Slots, waitMs = LONG, signal = never): Promise<boolean> {
    this.slot = await slots.take(this, waitMs, signal);
    return this.slot !== null;
  }
}

describe("slots", () => {
  test("are given until there are none, and again once released", async () => {
    const slots = new Slots(2);
    const [a, b, c] = [new Holder(), new Holder(), new Holder()];
    expect(await a.take(slots)).toBe(true);
    expect(await b.take(slots)).toBe(true);
    expect(slots.active).toBe(2);
    expect(await c.take(slots, 1)).toBe(false);
    a.slot?.release();
    a.slot?.release();
    expect(slots.active).toBe(1);
    expect(await c.take(slots, 1)).toBe(true);
  });

  test("go to those who wait in order of arrival", async () => {
    const slots = new Slots(1);
    const [first, ...others] = Array.from({ length: 4 }, () => new Holder()) as [Holder, ...Holder[]];
    await first.take(slots);
    const served: number[] = [];
    const waits = others.map((holder, i) => holder.take(slots).then(() => served.push(i)));
    for (const holder of [first, ...others]) {
      holder.slot?.release();
      await Promise.resolve(); // oxlint-disable-line no-await-in-loop
      await new Promise(setImmediate); // oxlint-disable-line no-await-in-loop
    }
    await Promise.all(waits);
    expect(served).toEqual([0, 1, 2]);
    expect(slots.active).toBe(0);
  });

  test("are not given to those who left, before or during the wait", async () => {
    const slots = new Slots(1);
    const [a, b, c] = [new Holder(), new Holder(), new Holder()];
    const gone = new AbortController();
    await a.take(slots);
    const waiting = b.take(slots, LONG, gone.signal);
    gone.abort();
    expect(await waiting).toBe(false);
    a.slot?.release();
    expect(await c.take(slots, LONG, gone.signal)).toBe(false);
    expect(slots.active).toBe(0);
  });

  test("are taken from the silent only when somebody needs one", async () => {
    const slots = new Slots(2);
    const [silent, lively, newcomer, late] = [new Holder(), new Holder(), new Holder(), new Holder()];
    await silent.take(slots);
    silent.silent = true;
    await lively.take(slots);
    expect(silent.gaveUp).toBe(false);
    expect(await newcomer.take(slots)).toBe(true);
    expect(silent.gaveUp).toBe(true);
    expect(await late.take(slots, 1)).toBe(false);
    expect(lively.gaveUp).toBe(false);
    expect(slots.active).toBe(2);
  });

  test("one that falls silent while others wait is given on at the end of the wait", async () => {
    const slots = new Slots(1);
    const [silent, newcomer] = [new Holder(), new Holder()];
    await silent.take(slots);
    const waiting = newcomer.take(slots, 20);
    silent.silent = true;
    expect(await waiting).toBe(true);
    expect(slots.active).toBe(1);
  });
});

async function several(slots: Slots, holder: Holder, count: number, waitMs = LONG): Promise<boolean> {
  holder.slot = await slots.take(holder, waitMs, never, count);
  return holder.slot !== null;
}

describe("several places at once", () => {
  test("are given all or none, and come back together", async () => {
    const slots = new Slots(4);
    const [a, b] = [new Holder(), new Holder()];
    expect(await several(slots, a, 3)).toBe(true);
    expect(slots.active).toBe(3);
    expect(await several(slots, b, 2, 1)).toBe(false);
    expect(slots.active).toBe(3);
    expect(await several(slots, b, 5)).toBe(false);
    a.slot?.release();
    a.slot?.release();
    expect(slots.active).toBe(0);
    expect(await several(slots, b, 4)).toBe(true);
  });

  test("are waited for, and nobody who came later is served before", async () => {
    const slots = new Slots(3);
    const [a, b, many, one] = [new Holder(), new Holder(), new Holder(), new Holder()];
    await a.take(slots);
    await several(slots, b, 2);
    const waits = [several(slots, many, 2), one.take(slots)];
    a.slot?.release();
    expect(slots.active).toBe(2);
    b.slot?.release();
    expect(await Promise.all(waits)).toEqual([true, true]);
    expect(slots.active).toBe(3);
  });

  test("end the silent only where that makes enough room", async () => {
    const slots = new Slots(3);
    const [silent, lively, newcomer] = [new Holder(), new Holder(), new Holder()];
    await silent.take(slots);
    await several(slots, lively, 2);
    silent.silent = true;
    expect(await several(slots, newcomer, 2, 1)).toBe(false);
    expect(silent.gaveUp).toBe(false);
    lively.silent = true;
    expect(await several(slots, newcomer, 2, 1)).toBe(true);
    expect(slots.active).toBe(2);
  });
});
