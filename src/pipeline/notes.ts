/** What is written beside a commit: the findings, the windows they were judged in, and whether that is final. */
import { z } from 'zod';
import type { Finding } from '../model.ts';
import type { Deployment } from '../deployment.ts';
import type { Span } from './windows.ts';

/** Trails deliver within minutes; a day leaves room for an outage of ours. Milliseconds. */
export const LOOK_BACK = 24 * 3_600_000;

export interface CommitNote {
  readonly schemaVersion: 1;
  /** By `scope kind`; null is the baseline: the first complete look, in which nothing can be called a change. */
  readonly windows: Readonly<Record<string, Span | null>>;
  /** Start of the run that made the commit: writes after it belong to the next look. */
  readonly startedAt: string;
  /** Start of the last run that saw this commit's tree unchanged: so far writes without a diff were looked for. */
  readonly quietTo: string;
  /** No later event can change what the commit shows. */
  readonly settled: boolean;
  readonly findings: readonly Finding[];
  /** Writes whose effects are not known, before the commit, */
  readonly unmapped: readonly UnmappedCount[];
  /** and in the last day that it stood. */
  readonly quietUnmapped: readonly UnmappedCount[];
}
export interface UnmappedCount {
  readonly name: string;
  readonly source: string;
  readonly count: number;
}

const noteSchema = z.looseObject({
  schemaVersion: z.literal(1),
  windows: z.record(z.string(), z.unknown()),
  startedAt: z.string(),
  quietTo: z.string(),
  findings: z.array(z.looseObject({ id: z.string() })),
  unmapped: z.array(z.unknown()),
  quietUnmapped: z.array(z.unknown()),
});

export function encodeNote(note: CommitNote): string {
  return `${JSON.stringify(note, null, 1)}\n`;
}

/** Undefined when the note is not ours or of a later version: it is then made anew. */
export function decodeNote(text: string | undefined): CommitNote | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return noteSchema.safeParse(value).success ? withoutAside(value as CommitNote) : undefined;
  } catch {
    return undefined; // a note that somebody wrote by hand
  }
}

/** What is set aside is decided by who reads it: rules come and end. Earlier versions wrote down what held when they judged. */
export function withoutAside(note: CommitNote): CommitNote {
  return { ...note, findings: note.findings.map(plain) };
}

function plain({ ignored: _then, ...finding }: Finding): Finding {
  return finding.parts === undefined ? finding : { ...finding, parts: finding.parts.map(plain) };
}

/** The notes of some commits, by sha. */
export async function readNotes({ store }: Pick<Deployment, 'store'>, shas: Iterable<string>): Promise<Map<string, CommitNote>> {
  const texts = await store.readFindings(shas);
  return new Map(
    [...texts].flatMap(([sha, text]) => {
      const note = decodeNote(text);
      return note === undefined ? [] : [[sha, note] as const];
    }),
  );
}

/** One count a call. */
export function addUp(counts: readonly UnmappedCount[]): UnmappedCount[] {
  const sums = new Map<string, UnmappedCount>();
  for (const { name, source, count } of counts) {
    const key = `${source} ${name}`;
    sums.set(key, { name, source, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

export function windowKey(scope: string, kind: string): string {
  return `${scope} ${kind}`;
}
