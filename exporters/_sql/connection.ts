/** What a database server is asked through, and why it may not answer. */
import type { GapReason } from 'drifttrail';

export type Row = Readonly<Record<string, unknown>>;

export interface Connection {
  /** The server's version as a number that grows with it: 150004, 101118. */
  readonly version: number;
  /** `name` says what is asked for; a recording is found by it. Rejects with `Refused`. */
  readonly query: (name: string, sql: string) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}

/** An answer that did not come, in words for people. */
export class Refused extends Error {
  readonly reason: GapReason;
  /** The connection itself is gone: nothing more can be asked. */
  readonly lost: boolean;

  constructor(message: string, reason: GapReason, lost = false) {
    super(message);
    this.name = 'Refused';
    this.reason = reason;
    this.lost = lost;
  }
}

/** A column of an answer as text; '' where it is absent. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? '' : String(value);
}
