import { z } from "zod";

/** What a program may say of its own work, in the file that `ONCALL_REPORT_FILE` names. Unknown keys are ignored. */
const Report = z.object({
  /** `provider_error`: its model could not be reached, so that the episode measures nothing. */
  status: z.string().max(64).optional(),
  model_returned: z.string().max(256).optional(),
  turns: z.int().min(0).optional(),
  input_tokens: z.int().min(0).optional(),
  output_tokens: z.int().min(0).optional(),
  cost_usd: z.number().min(0).max(1e6).optional(),
});
export type Report = z.output<typeof Report>;

/** The report; empty where there is none, or where it is not understood, which `problem` says. */
export function readReport(text: string | null): { readonly report: Report; readonly problem: string | null } {
  if (text === null) return { report: {}, problem: null };
  try {
    const parsed = Report.safeParse(JSON.parse(text));
    if (parsed.success) return { report: parsed.data, problem: null };
    const [issue] = parsed.error.issues;
    return { report: {}, problem: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}` };
  } catch {
    return { report: {}, problem: "not JSON" };
  }
}
