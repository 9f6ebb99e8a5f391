/** Small files that are there whole or not at all, whatever moment the power goes. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Replaces a file. When it returns, the new content survives a crash. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const staged = await stage(folder, text);
  await rename(staged, path);
  await syncFolder(folder);
}

/** As `writeDurably`, but false when the file exists: two writers never overwrite one another. */
export async function createDurably(path: string, text: string): Promise<boolean> {
  const folder = dirname(path);
  const staged = await stage(folder, text);
  try {
    await link(staged, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
  await syncFolder(folder);
  return true;
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function stage(folder: string, text: string): Promise<string> {
  const path = join(folder, `.${randomUUID()}.tmp`);
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return path;
}
