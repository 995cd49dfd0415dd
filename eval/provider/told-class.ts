import type { ProviderErrorClass } from "../../agents/llm/errors.ts";
import type { Told } from "./told.ts";

/** The class of what a provider said: by its words where they tell more than the status. */
export const classOfTold = (told: Told): ProviderErrorClass => classByWords(told) ?? classByStatus(told.status);

/** Statuses at which words matter; the same words elsewhere are no more than words. */
const REFUSALS = new Set<number | null>([400, 403, 413, 422, null]);

const CONTEXT_CODE = /context_length|exceed_context|context_window|string_above_max/i;
const CONTEXT_PHRASE =
  /(?:maximum|max|available) context (?:length|size|window)|context (?:length|size|window) (?:is |was )?exceeded|exceeds? (?:the |this )?(?:model'?s? )?(?:available |maximum )?context|prompt is too long|input (?:is too long|token count exceeds)|reduce the length of the (?:messages|prompt|input)/i;
const FILTER_CODE = /content_?filter|content_policy|moderation|ResponsibleAIPolicy|^safety/i;
const FILTER_PHRASE = /flagged by|content management policy|requires moderation|content[ _]policy violation/i;
const QUOTA_CODE = /quota|billing|credit|per_?day|daily/i;

function classByWords({ status, codes, text }: Told): ProviderErrorClass | null {
  const says = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  if (REFUSALS.has(status)) {
    if (says(CONTEXT_CODE) || (status !== 403 && CONTEXT_PHRASE.test(text))) return "context_length";
    if (says(FILTER_CODE) || FILTER_PHRASE.test(text)) return "content_filter";
  }
  if ((status === 429 || status === null) && says(QUOTA_CODE)) return "quota_exhausted";
  if (status === null && says(/rate_?limit/i)) return "rate_limited";
  return null;
}

const BY_STATUS: Readonly<Record<number, ProviderErrorClass>> = {
  401: "auth",
  402: "quota_exhausted",
  403: "auth",
  404: "not_found",
  407: "auth",
  408: "timeout",
  409: "server",
  410: "not_found",
  425: "server",
  429: "rate_limited",
};

/** An error within a reply that names no status is the server's. A redirect is never followed: it is a wrong address. */
function classByStatus(status: number | null): ProviderErrorClass {
  if (status === null || status >= 500) return "server";
  if (status >= 300 && status < 400) return "not_found";
  return BY_STATUS[status] ?? "bad_request";
}
