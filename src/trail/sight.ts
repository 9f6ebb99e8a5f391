/** Whether each trail could be read, and since when not: of a trail that is silent because it is dead, nothing else tells. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Finding, Gap, TrailGap } from '../model.ts';

/** What one reading of a trail could not see; empty when it saw everything. */
export interface Look {
  readonly trail: string;
  readonly gaps: readonly Gap[];
}

export interface Loss {
  readonly gap: Gap;
  /** What was told of it. */
  readonly told: Finding;
}

export interface Sight {
  /** The last reading, whole or not. */
  readonly tried: string;
  /** By the scope of the gap. */
  readonly lost: Readonly<Record<string, Loss>>;
}

/** By trail, as `trailNames` calls them. */
export type Sights = Readonly<Record<string, Sight>>;

export const TRAIL_ROOT = 'trail';
const FILE = 'trails.json';

/** The names of the trails in the order of the configuration; several of one plug-in are counted. */
export function trailNames(trails: readonly { readonly trail: { readonly name: string } }[]): string[] {
  const seen = new Map<string, number>();
  return trails.map(({ trail: { name } }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}

/** Gaps that hide writes, one for each account and region: a folder of a thousand broken files is one place. */
export function lookOf(trail: string, gaps: readonly TrailGap[]): Look {
  const places = new Map<string, TrailGap[]>();
  for (const gap of gaps) {
    if (gap.partial === true || gap.silence === true) continue;
    const scope = [TRAIL_ROOT, trail, gap.account, gap.region].filter((part) => part !== undefined && part !== '').join('/');
    places.set(scope, [...(places.get(scope) ?? []), gap]);
  }
  return { trail, gaps: [...places].map(([scope, some]) => gapOf(scope, some)) };
}

function gapOf(scope: string, [first, ...others]: readonly TrailGap[]): Gap {
  const more = others.length === 0 ? '' : `; and ${others.length} more like it`;
  return { scope, reason: first?.reason ?? 'invalid', detail: `${first?.detail ?? ''}${more}` };
}

export function readSights(stateDir: string): Sights {
  const file = join(stateDir, FILE);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Sights;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    const remedy = 'delete it; the next snapshot writes it anew, and may tell once more of a trail that cannot be read';
    throw new DrifttrailError({ code: 'state-unreadable', message: `cannot read ${file}`, remedy, cause });
  }
}

/** Replaces the file at once and durably. */
export function writeSights(stateDir: string, sights: Sights): void {
  const file = join(stateDir, FILE);
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(sights)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}
