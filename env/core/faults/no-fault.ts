import { defineFault } from "./define.ts";

export const noFault = defineFault({
  class: "no_fault",
  summary: "Nothing is broken.",
  params: {},
  apply: () => {},
});
