/** Which findings each outlet has been told of, so that none is told twice. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';

/** By outlet and finding id; `pending`: told before its actor was known, one follow-up is owed. */
export type Announced = Record<string, Record<string, 'pending' | 'settled'>>;

const FILE = 'announced.json';
/** Enough to outlast every window in which a finding can come up again. */
const KEPT = 20_000;

export function readAnnounced(stateDir: string): Announced {
  const file = join(stateDir, FILE);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Announced;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new DrifttrailError({
      code: 'state-unreadable',
      message: `cannot read ${file}`,
      remedy: 'delete it; the outlets may then be told of the last day once more',
      cause,
    });
  }
}

/** Replaces the file at once and durably. */
export function writeAnnounced(stateDir: string, announced: Announced): void {
  const kept = Object.fromEntries(
    Object.entries(announced).map(([outlet, told]) => [outlet, Object.fromEntries(Object.entries(told).slice(-KEPT))]),
  );
  const file = join(stateDir, FILE);
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(kept)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}
