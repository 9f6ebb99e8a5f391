/** Which findings each outlet has been told of, so that none is told twice. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Message } from '../model.ts';

/** What an outlet knows of a finding. */
export interface Told {
  /**
   * `pending`: told before its actor was known, one follow-up is owed. `held`: it lies in the outlet's tray. `undone`: it
   * was told that it does not stand any more; nothing more is. `silent`: it is not told: it put another one back, which was
   * told, or a rule of `ignore:` held when it was seen.
   */
  readonly state: 'pending' | 'settled' | 'held' | 'undone' | 'silent';
  /** Where a later change that puts it back would be seen, and the commit to begin at. */
  readonly place?: string;
  readonly commit?: string | null;
  /** The latest change there for which that was looked at. */
  readonly seen?: string;
}

/** By outlet and finding id. */
export type Announced = Record<string, Record<string, Told>>;

/** A message that is to be in the outbox of an outlet. */
export type Due = readonly [outlet: string, message: Message];

export interface AnnouncedFile {
  readonly announced: Announced;
  /**
   * What `announced` says to be told and the outbox may lack: written down together, because after a crash between the two the
   * same findings would make another message by then, or none.
   */
  readonly due: readonly Due[];
}

const FILE = 'announced.json';
/** No outlet can be called so. */
const DUE = '$due';
/** Enough to outlast every window in which a finding can come up again. */
const KEPT = 20_000;

export function readAnnounced(stateDir: string): AnnouncedFile {
  const file = join(stateDir, FILE);
  try {
    const { [DUE]: due = [], ...stored } = JSON.parse(readFileSync(file, 'utf8')) as Stored & { readonly [DUE]?: readonly Due[] };
    return { announced: withPlaces(stored), due };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { announced: {}, due: [] };
    throw new DrifttrailError({
      code: 'state-unreadable',
      message: `cannot read ${file}`,
      remedy: 'delete it; the outlets may then be told of the last day once more',
      cause,
    });
  }
}

/** Replaces the file at once and durably. */
export function writeAnnounced(stateDir: string, { announced, due }: AnnouncedFile): void {
  const kept = Object.fromEntries(
    Object.entries(announced).map(([outlet, told]) => [outlet, Object.fromEntries(Object.entries(told).slice(-KEPT))]),
  );
  const file = join(stateDir, FILE);
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(due.length === 0 ? kept : { ...kept, [DUE]: due })}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}

/** Earlier versions kept the state alone. */
type Stored = Record<string, Record<string, Told | Told['state']>>;

function withPlaces(stored: Stored): Announced {
  return Object.fromEntries(
    Object.entries(stored).map(([outlet, told]) => [
      outlet,
      Object.fromEntries(Object.entries(told).map(([id, entry]) => [id, typeof entry === 'string' ? { state: entry } : entry])),
    ]),
  );
}
