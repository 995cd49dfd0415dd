import type { z } from "zod";
import { catalogue } from "../../core/actions/index.ts";
import type { Action, ActionType, AnyActionDef } from "../../core/actions/index.ts";
import { actionText } from "../../core/actions/text.ts";
import type { ServiceName } from "../../core/topology.ts";
import { keyIndex, KEYS } from "../keys.ts";
import { referenceText } from "./references.ts";
import type { Reference, ShownValues } from "./references.ts";
import { candidatesFor } from "./values.ts";

/** One discrete action. */
export interface TableAction {
  readonly index: number;
  readonly type: ActionType;
  readonly kind: AnyActionDef["kind"];
  /** Text form; what is read off observations stands in angle brackets. */
  readonly text: string;
  /** The flat JSON form; without the open argument where there is one, which makes it invalid. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The argument that is filled in at the step with what was shown. */
  readonly open: OpenArgument | null;
}

interface OpenArgument {
  readonly name: string;
  readonly from: Reference;
}

type Draft = Pick<TableAction, "fields" | "open">;

/**
 * Every discrete action: each action of the catalogue with each of its enumerable arguments. The same for every task;
 * depends on the environment version alone.
 */
export const ACTIONS: readonly TableAction[] = (catalogue as unknown as readonly AnyActionDef[])
  .flatMap((def) => draftsOf(def).map((draft) => ({ type: def.type, kind: def.kind, ...draft })))
  .map((entry, index) => ({ index, text: textOf(entry), ...entry }));

/**
 * The JSON form of an action for an agent that was shown this. An action that refers to what was not shown lacks an
 * argument, and the environment will call it invalid.
 */
export function actionJson({ fields, open }: TableAction, shown: ShownValues): unknown {
  if (open === null) return fields;
  const value = shown.read(open.from);
  if (value === undefined) return fields;
  return { ...fields, [open.name]: open.name === "reason" ? reasonFor(open.from, String(value)) : value };
}

/** `payment_provider: payfleet` */
const reasonFor = ({ key }: Reference, provider: string): string => `${KEYS[key]?.key}: ${provider}`;

/** All ways to fill in the arguments, in the order of the catalogue. */
function draftsOf({ type, args }: AnyActionDef): readonly Draft[] {
  let drafts: readonly Draft[] = [{ fields: { type }, open: null }];
  for (const [name, schema] of Object.entries(args)) {
    drafts = drafts.flatMap((draft) => withArgument(draft, name, schema as z.ZodType));
  }
  return drafts;
}

function withArgument(draft: Draft, name: string, schema: z.ZodType): readonly Draft[] {
  const filled = choicesFor(draft, name, schema).map((choice) =>
    "value" in choice
      ? { ...draft, fields: { ...draft.fields, [name]: choice.value } }
      : { ...draft, open: { name, from: choice.from } },
  );
  return schema.isOptional() ? [draft, ...filled] : filled;
}

type Choice = { readonly value: unknown } | { readonly from: Reference };

/** Closed lists come from the schema, keys and values from the manual; a reason names a provider that was shown. */
function choicesFor({ fields }: Draft, name: string, schema: z.ZodType): readonly Choice[] {
  const { options } = schema as { options?: unknown };
  const service = fields.service as ServiceName;
  if (name === "key") return KEYS.filter((entry) => entry.service === service).map(({ key }) => ({ value: key }));
  if (name === "value") return candidatesFor(KEYS[keyIndex(service, fields.key as string)] as (typeof KEYS)[number]);
  if (name === "reason") return providersShown();
  return Array.isArray(options) ? options.map((value: unknown) => ({ value })) : []; // free text is left out
}

function providersShown(): readonly Choice[] {
  return KEYS.filter(({ def }) => def.of === "provider").map(({ index }) => ({ from: { of: "value", key: index } }));
}

function textOf({ fields, open }: Draft): string {
  const text = actionText(fields as unknown as Action);
  if (open === null) return text;
  const before = text.slice(0, -1);
  return `${before}${before.endsWith("(") ? "" : ", "}<${referenceText(open.from)}>)`;
}
