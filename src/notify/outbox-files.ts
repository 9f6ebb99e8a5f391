/** The outbox on disk: one file a message, moved from queue to sent or dead so that no crash loses it. */
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import { createDurably, makeFolder, syncFolder, writeDurably } from './files.ts';
import type { OutboxItem } from './outbox.ts';

const SENT_KEPT = 5000;

/** Under a number of its own: two writers never overwrite one another. */
export async function enqueue(home: string, item: OutboxItem, names: readonly string[]): Promise<void> {
  let number = Number.parseInt(names.at(-1) ?? '0', 10) + 1;
  while (!(await createDurably(join(home, `${String(number).padStart(10, '0')}-${item.message.id}.json`), `${JSON.stringify(item)}\n`)))
    number++;
}

export async function prepare(home: string): Promise<void> {
  await makeFolder(join(home, 'dead'));
  await makeFolder(join(home, 'sent'));
}

export async function known(home: string, id: string): Promise<boolean> {
  const names = [...(await itemNames(home)), ...(await itemNames(join(home, 'dead')))];
  if (names.some((name) => name.endsWith(`-${id}.json`))) return true;
  return (await entries(join(home, 'sent'))).includes(id);
}

/** Sent before gone: a crash between the two sends the message again under its id, rather than never. */
export async function markSent(home: string, name: string, id: string): Promise<void> {
  await createDurably(join(home, 'sent', id), '');
  await rm(join(home, name), { force: true });
  await syncFolder(home);
  await forgetOldest(join(home, 'sent'));
}

async function forgetOldest(sent: string): Promise<void> {
  const names = await entries(sent);
  if (names.length <= SENT_KEPT * 1.1) return;
  const aged = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(sent, name))).mtimeMs })));
  aged.sort((a, b) => a.time - b.time);
  for (const { name } of aged.slice(0, aged.length - SENT_KEPT)) await rm(join(sent, name), { force: true });
}

export async function bury(home: string, name: string, item: OutboxItem): Promise<void> {
  await writeDurably(join(home, name), `${JSON.stringify(item)}\n`);
  await rename(join(home, name), join(home, 'dead', name));
  await syncFolder(join(home, 'dead'));
  await syncFolder(home);
}

export async function readItem(path: string): Promise<OutboxItem | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as OutboxItem;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new DrifttrailError({
      code: 'outbox-invalid',
      message: `${path} is not a message`,
      remedy: 'somebody edited it; move it away',
      cause: error,
    });
  }
}

export async function itemNames(home: string): Promise<string[]> {
  return (await entries(home)).filter((name) => /^\d+-.*\.json$/.test(name)).sort();
}

export async function folderNames(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((name) => !name.startsWith('.')).sort();
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
