import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DurableHook } from "../../env/store/durable.ts";

/** How a file is called that is not whole yet. */
export const UNFINISHED = /^\..+\.tmp$/;

/** A file of a run. */
export interface NewFile {
  /** Within the run's folder, at most one folder down. */
  readonly name: string;
  readonly text: string;
}

/**
 * Puts files in their places, each whole or not at all: it is written beside its place, and durable before and after it
 * takes the name. A link in its place is replaced, never followed.
 * @param root folder of one run; it and the one below are made if need be
 * @param durable told each step as `checkpoint:step`
 * @throws Error of the file system; nothing is left beside the files then
 */
export async function writeDurably(root: string, files: readonly NewFile[], durable: DurableHook): Promise<void> {
  const folders = new Set(files.map(({ name }) => dirname(join(root, name))));
  for (const own of new Set([root, ...folders])) await ownFolder(own);
  const ends = await Promise.allSettled(files.map(({ name, text }) => replaceFile(join(root, name), text, durable)));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  for (const folder of folders) {
    durable("checkpoint:folder");
    await syncFolder(folder);
  }
}

/** It keeps its name only if the folder is synced afterwards. */
async function replaceFile(file: string, text: string, durable: DurableHook): Promise<void> {
  const unfinished = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    durable("checkpoint:write");
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(text);
      durable("checkpoint:fsync");
      await handle.sync();
    } finally {
      await handle.close();
    }
    durable("checkpoint:rename");
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes a folder that nobody else may read. @throws Error where a link or a file stands in its place */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
