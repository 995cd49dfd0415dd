import type { ServiceName } from "../../core/topology.ts";
import { LISTED_NAMES } from "../actions/values.ts";
import { KEYS } from "../keys.ts";
import type { Layout } from "./layout.ts";
import { clamp, log2 } from "./scale.ts";

/** Doublings of days that count as long. */
const DAYS_SPAN = 10;
const DAY = 86_400;
const CERTIFICATE_FEATURES = ["valid", "days_left"] as const;

/** The certificates on hand of each service that shows one. */
export class CertificateFeatures {
  readonly #slots = new Map<ServiceName, number>();

  constructor(layout: Layout) {
    for (const { service } of KEYS.filter(({ def }) => def.of === "certificate")) {
      this.#slots.set(service, layout.features.length);
      for (let i = 0; i < LISTED_NAMES; i += 1) {
        for (const name of CERTIFICATE_FEATURES) {
          layout.add(`certificates.${service}.${i}.${name}`, name === "days_left" ? -1 : 0, 1);
        }
      }
    }
  }

  /**
   * @param at place in the inventory; those beyond what actions can name are left out
   * @param sinceStart seconds since it became valid, negative before
   * @param untilEnd seconds until it ends, negative afterwards
   */
  write(row: Float32Array, service: ServiceName, at: number, sinceStart: number, untilEnd: number): void {
    const first = this.#slots.get(service);
    if (first === undefined || at >= LISTED_NAMES) return;
    const slot = first + CERTIFICATE_FEATURES.length * at;
    const days = untilEnd / DAY;
    row[slot] = sinceStart >= 0 && untilEnd > 0 ? 1 : 0;
    row[slot + 1] = clamp((days < 0 ? -log2(1 - days) : log2(1 + days)) / DAYS_SPAN, -1, 1);
  }
}
