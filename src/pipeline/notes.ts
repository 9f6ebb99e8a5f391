/** What is written beside a commit: the findings, the windows they were judged in, and whether that is final. */
import { z } from 'zod';
import type { Finding, Gap } from '../model.ts';
import type { Span } from './windows.ts';

export interface CommitNote {
  readonly schemaVersion: 1;
  /** By `scope kind`; null is the baseline: the first complete look, in which nothing can be called a change. */
  readonly windows: Readonly<Record<string, Span | null>>;
  /** Up to where transients have been looked for. */
  readonly transientsTo: string;
  /** No later event can change it any more. */
  readonly settled: boolean;
  readonly findings: readonly Finding[];
  readonly unmapped: readonly { readonly name: string; readonly source: string; readonly count: number }[];
  readonly gaps: readonly Gap[];
}

const noteSchema = z.looseObject({ schemaVersion: z.literal(1), windows: z.record(z.string(), z.unknown()), findings: z.array(z.looseObject({ id: z.string() })) });

/** One line of JSON with a newline: git keeps it as a blob, machines read it with `git notes show`. */
export function encodeNote(note: CommitNote): string {
  return `${JSON.stringify(note, null, 1)}\n`;
}

/** Undefined when the note is not ours or of a later version: it is then made anew. */
export function decodeNote(text: string | undefined): CommitNote | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return noteSchema.safeParse(value).success ? (value as CommitNote) : undefined;
  } catch {
    return undefined; // a note that somebody wrote by hand
  }
}

export function windowKey(scope: string, kind: string): string {
  return `${scope} ${kind}`;
}
