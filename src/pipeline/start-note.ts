/** The note a commit gets at once: the windows of its changes, which only this run knows; attribution fills in the rest. */
import type { Change, Snapshot } from '../model.ts';
import type { NoteEntry } from '../store/notes.ts';
import type { Observed } from '../store/observed.ts';
import { type CommitNote, encodeNote, windowKey } from './notes.ts';
import { windowOf } from './observe.ts';
import { earliest, hull, latest, type Span } from './windows.ts';

/** `before` and `after`: what was observed before and with this run. */
export function startNote(
  snapshots: readonly Snapshot[],
  changes: readonly Change[],
  before: Observed,
  after: Observed,
): { window: Span; entry: NoteEntry } {
  const startedAt = earliest(snapshots.map((snapshot) => snapshot.startedAt));
  const finishedAt = latest(snapshots.map((snapshot) => snapshot.finishedAt));
  const windows: Record<string, Span | null> = {};
  for (const { ref } of changes) {
    windows[windowKey(ref.scope, ref.kind)] = windowOf(ref, before, after);
  }
  const known = Object.values(windows).filter((window) => window !== null);
  const note: CommitNote = {
    schemaVersion: 1,
    windows,
    startedAt,
    quietTo: startedAt,
    settled: false,
    findings: [],
    unmapped: [],
    quietUnmapped: [],
  };
  return {
    window: hull([...known, { from: startedAt, to: finishedAt }]) ?? { from: startedAt, to: finishedAt },
    entry: { text: '', findings: encodeNote(note) },
  };
}
