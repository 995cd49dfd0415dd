import { z } from "zod";
import { checkStatus } from "./check-status.ts";
import type { ActionDef } from "./define.ts";
import { escalate } from "./escalate.ts";
import { inspectConfig } from "./inspect-config.ts";
import { inspectLogs } from "./inspect-logs.ts";
import { inspectMetrics } from "./inspect-metrics.ts";
import { resolveIncident } from "./resolve-incident.ts";
import { restartService } from "./restart-service.ts";
import { updateConfig } from "./update-config.ts";

/** Every action, in the order people and models see them. */
export const catalogue = [
  inspectLogs,
  inspectMetrics,
  checkStatus,
  inspectConfig,
  updateConfig,
  restartService,
  resolveIncident,
  escalate,
] as const;

type Schemas<Defs extends readonly { schema: unknown }[]> = { [I in keyof Defs]: Defs[I]["schema"] };
const schemas = catalogue.map(({ schema }) => schema) as unknown as Schemas<typeof catalogue>;

export const Action = z.discriminatedUnion("type", schemas);
export type Action = z.output<typeof Action>; // after defaults: what the simulator runs
export type ActionInput = z.input<typeof Action>; // before defaults: what a caller writes
export type ActionType = Action["type"];
export type Remedy = Extract<Action, { type: "update_config" | "restart_service" }>;

/** An action's definition, seen through one type: shared code asks what it declares, never which one it is. */
export type AnyActionDef = ActionDef<ActionType, z.ZodRawShape> & { readonly schema: z.ZodType };

const byType = new Map(catalogue.map((def) => [def.type, def as unknown as AnyActionDef]));

export const ACTION_TYPES = catalogue.map(({ type }) => type);

/** The definition behind a parsed action. */
export const actionDef = (type: ActionType): AnyActionDef => byType.get(type) as AnyActionDef;

export const isActionType = (text: string): text is ActionType => byType.has(text as ActionType);
