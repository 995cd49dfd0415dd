import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DurableHook } from "../../env/store/durable.ts";

/** How a file is called that is not whole yet. */
export const UNFINISHED = /^\..+\.tmp$/;

/**
 * Puts a file in its place whole or not at all: it is written beside it, and durable before and after it takes the
 * name. A link in its place is replaced, never followed.
 * @param root folder of one run; it and the one below are made if need be
 * @param name within the root, at most one folder down
 * @param durable told each step as `checkpoint:step`
 * @throws Error of the file system; nothing is left beside the file then
 */
export async function writeDurably(root: string, name: string, text: string, durable: DurableHook): Promise<void> {
  const file = join(root, name);
  const folder = dirname(file);
  for (const own of new Set([root, folder])) await ownFolder(own);
  const unfinished = join(folder, `.${basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
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
  durable("checkpoint:folder");
  await syncFolder(folder);
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
