/** What training needs of the vector interface, for those who may not reach across to it. */
export { makeVectorEnv } from "../../env/vector/index.ts";
export type { VectorEnv } from "../../env/vector/index.ts";
