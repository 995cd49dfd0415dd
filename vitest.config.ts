import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are the floor this project is built for; more workers only fight for them.
    maxWorkers: 2,
  },
});
