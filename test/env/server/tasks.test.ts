import { describe, expect, test } from "vitest";
import { HTTP_ERRORS } from "../../../env/contract/http-errors.ts";
import { SPLITS } from "../../../env/core/task.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { call, startServer } from "./fixtures.ts";

const env = "oncall_gym";

describe("the task API", () => {
  test("lists environment, splits and tasks", async () => {
    const { url } = await startServer();
    expect((await call(`${url}/list_environments`, "GET")).body).toEqual([env]);
    expect((await call(`${url}/OnCall_Gym/splits`, "GET")).body).toEqual([
      { name: "train", type: "train" },
      { name: "dev", type: "validation" },
      { name: "test", type: "test" },
    ]);
    for (const split of SPLITS) {
      const { body } = await call(`${url}/${env}/tasks`, "POST", { split }); // oxlint-disable-line no-await-in-loop
      expect(body.env_name).toBe(env);
      expect(body.tasks.map(({ id }: { id: string }) => id)).toEqual(coreSuite.splits[split]);
      expect((await call(`${url}/${env}/num_tasks`, "POST", { split })).body).toEqual({ num_tasks: body.tasks.length }); // oxlint-disable-line no-await-in-loop
    }
  });

  test("a task has five keys, and a reset to its split and index starts it", async () => {
    const { url } = await startServer();
    for (const [split, index] of [
      ["train", 3],
      ["dev", 0],
      ["test", 7],
    ] as const) {
      // oxlint-disable no-await-in-loop
      const { task } = (await call(`${url}/${env}/task`, "POST", { split, index })).body;
      expect(Object.keys(task)).toEqual(["id", "index", "split", "difficulty", "group"]);
      expect(task).toMatchObject({ index, split, group: "core@1.0.0" });
      const { info } = (await call(`${url}/reset`, "POST", { split, index, seed: 1 })).body.metadata;
      expect([info.task_id, info.difficulty]).toEqual([task.id, task.difficulty]);
      // oxlint-enable no-await-in-loop
    }
  });

  test.for([
    [{}, [0, 24]],
    [{ start: 0, stop: 8 }, [0, 8]],
    [{ start: 20 }, [20, 24]],
    [{ stop: 2 }, [0, 2]],
    [{ start: -2, stop: null }, [22, 24]],
    [{ stop: -20 }, [0, 4]],
    [{ start: 5, stop: 5 }, [5, 5]],
    [{ start: 9, stop: 100 }, [9, 24]],
    [{ start: 100 }, [24, 24]],
  ] as const)("a range of %j follows the rules of slices", async ([range, [start, stop]]) => {
    const { url } = await startServer();
    const { tasks } = (await call(`${url}/${env}/task_range`, "POST", { split: "train", ...range })).body;
    expect(tasks.map(({ id }: { id: string }) => id)).toEqual(coreSuite.splits.train.slice(start, stop));
  });

  test.for([
    ["GET", "/nope/splits", undefined, 404, "UNKNOWN_ENVIRONMENT"],
    ["POST", "/nope/tasks", { split: "train" }, 404, "UNKNOWN_ENVIRONMENT"],
    ["POST", "/nope/task", { split: "train", index: 0 }, 404, "UNKNOWN_ENVIRONMENT"],
    ["POST", `/${env}/tasks`, { split: "all" }, 400, "UNKNOWN_SPLIT"],
    ["POST", `/${env}/num_tasks`, { split: "__proto__" }, 400, "UNKNOWN_SPLIT"],
    ["POST", `/${env}/task_range`, { split: "" }, 400, "UNKNOWN_SPLIT"],
    ["POST", `/${env}/task`, { split: "nope", index: 0 }, 400, "UNKNOWN_SPLIT"],
    ["POST", `/${env}/task`, { split: "train", index: 24 }, 400, "BAD_TASK_INDEX"],
    ["POST", `/${env}/task`, { split: "train", index: -1 }, 400, "BAD_TASK_INDEX"],
    ["GET", `/${env}/tasks`, undefined, 405, "METHOD_NOT_ALLOWED"],
    ["POST", `/${env}/splits`, {}, 405, "METHOD_NOT_ALLOWED"],
    ["POST", `/${env}/nope`, {}, 404, "NOT_FOUND"],
  ] as const)("%s %s with %j is %i %s", async ([method, path, body, status, code]) => {
    const { url } = await startServer();
    const reply = await call(url + path, method, body);
    expect(reply).toMatchObject({ status, body: { detail: HTTP_ERRORS[code].detail, code } });
  });

  test.for([
    ["/tasks", {}],
    ["/tasks", { split: 5 }],
    ["/tasks", { split: "train", more: 1 }],
    ["/task", { split: "train" }],
    ["/task", { split: "train", index: "3" }],
    ["/task", { split: "train", index: 0.5 }],
    ["/task_range", { split: "train", start: "0" }],
    ["/task_range", undefined],
  ] as const)("POST %s with %j is 422", async ([path, body]) => {
    const { url } = await startServer();
    const reply = await call(`${url}/${env}${path}`, "POST", body);
    expect(reply.status).toBe(422);
    expect(reply.body.detail[0].loc[0]).toBe("body");
  });
});
