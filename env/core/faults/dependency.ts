import { z } from "zod";
import { defineFault, DrawnNumber, drawn } from "./define.ts";

export const dependency = defineFault({
  class: "dependency",
  summary: "Something outside the five services fails.",
  params: {
    /** Share of payment calls that fail at the provider. */
    payment_failure: DrawnNumber.optional(),
    /** The network provider drops packets between web and database. */
    path_down: z.literal(true).optional(),
  },
  apply: (state, { payment_failure, path_down }) => {
    if (payment_failure !== undefined) state.web.paymentFailure = drawn(payment_failure);
    if (path_down !== undefined) state.database.pathDown = true;
  },
});
