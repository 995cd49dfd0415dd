import { z } from "zod";
import { DIFFICULTIES, SPLITS } from "../env/core/task.ts";
import { readJsonFile } from "./json-file.ts";

/** Trials that a task may have. */
export const MOST_TRIALS = 10_000;

/** Who plays what. What is absent is as the command line says; one field that chooses tasks replaces all its choice. */
const MatrixTarget = z.strictObject({
  /** As in `--agents`. */
  agent: z.string().min(1).max(1000),
  /** As in `--models`. */
  model: z.string().min(1).max(1000).optional(),
  split: z.enum(SPLITS).optional(),
  difficulty: z
    .union([z.enum(DIFFICULTIES).transform((one) => [one]), z.array(z.enum(DIFFICULTIES)).min(1)])
    .optional(),
  task_ids: z.array(z.string()).min(1).optional(),
  /** As in `--task-range`. */
  task_range: z.string().max(200).optional(),
  /** At most so many tasks of each difficulty. */
  per_difficulty: z.int().min(1).optional(),
  trials: z.int().min(1).max(MOST_TRIALS).optional(),
});
export type MatrixTarget = z.output<typeof MatrixTarget>;

/** A file of targets. They are played in their order. */
export const Matrix = z.strictObject({ targets: z.array(MatrixTarget).min(1).max(1000) });
export type Matrix = z.output<typeof Matrix>;

/** @throws UsageError naming the file and each wrong field */
export const readMatrix = (file: string): Matrix => readJsonFile(file, Matrix);
