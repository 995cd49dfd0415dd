import { describe, expect, test } from "vitest";
import { assertVersions } from "../../../env/server/versions.ts";

describe("libraries", () => {
  test.for([
    ["5.8.4", "8.23.0", /fastify 5\.8\.5 or newer, got 5\.8\.4/],
    ["4.99.99", "8.23.0", /fastify/],
    ["5.8.5", "8.21.0", /ws 8\.21\.1 or newer, got 8\.21\.0/],
    ["5.8.5", "7.99.0", /ws/],
    ["5.8.5-rc.1", "8.9.0", /ws/],
    ["", "8.23.0", /fastify/],
  ] as const)("fastify %s with ws %s are too old to serve with", ([version, ws, reason]) => {
    expect(() => assertVersions({ version }, ws)).toThrow(reason);
  });

  test.for([
    ["5.8.5", "8.21.1"],
    ["5.12.8", "8.22.0"],
    ["6.0.0", "9.0.0"],
  ] as const)("fastify %s with ws %s are not", ([version, ws]) => {
    expect(() => assertVersions({ version }, ws)).not.toThrow();
  });

  test("that are installed are new enough", () => {
    expect(() => assertVersions({ version: "5.8.5" })).not.toThrow();
  });
});
