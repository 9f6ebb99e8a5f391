/** What an outlet is to be told later: kept on disk until a digest, the end of a group or of quiet hours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { makeFolder, writeDurably } from '../notify/files.ts';

export interface Tray {
  /** When the first of `findings` came in. */
  readonly since: string | null;
  readonly findings: readonly Finding[];
  /** Taken out and being handed to the outbox: always the same ones until that is done, so that their message keeps its id. */
  readonly leaving: readonly Finding[];
}

const EMPTY: Tray = { since: null, findings: [], leaving: [] };
/** Of a change: what a message shows of it, and some more. */
const EDITS = 20;

export function readTray(stateDir: string, outlet: string): Tray {
  const file = fileOf(stateDir, outlet);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tray;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw new DrifttrailError({
      code: 'state-unreadable',
      message: `cannot read ${file}`,
      remedy: 'delete it; what was collected for the next digest is then not told',
      cause,
    });
  }
}

export async function writeTray(stateDir: string, outlet: string, tray: Tray): Promise<void> {
  await makeFolder(folderOf(stateDir));
  await writeDurably(fileOf(stateDir, outlet), `${JSON.stringify(tray)}\n`);
}

/** A finding that is there already is replaced: what is known of it by now counts. */
export function put(tray: Tray, findings: readonly Finding[], now: string): Tray {
  const held = new Map(tray.findings.map((finding) => [finding.id, finding]));
  for (const finding of findings) held.set(finding.id, trimmed(finding));
  return { ...tray, since: tray.since ?? now, findings: [...held.values()] };
}

/** What is known of the held findings by now; nothing comes or goes. */
export function refreshed(held: readonly Finding[], known: readonly Finding[]): Finding[] {
  const byId = new Map(known.map((finding) => [finding.id, finding]));
  return held.map((finding) => {
    const now = byId.get(finding.id);
    return now === undefined ? finding : { ...trimmed(now), ...(finding.undone === undefined ? {} : { undone: finding.undone }) };
  });
}

function trimmed(finding: Finding): Finding {
  if (finding.change === undefined) return finding;
  const { before: _before, after: _after, ...change } = finding.change;
  return { ...finding, change: { ...change, edits: change.edits.slice(0, EDITS) } };
}

function folderOf(stateDir: string): string {
  return join(stateDir, 'held');
}

function fileOf(stateDir: string, outlet: string): string {
  return join(folderOf(stateDir), `${outlet}.json`);
}
