/** One message of the log of a server, whatever format it was written in. */

export interface LogRecord {
  /** Milliseconds. */
  readonly time: number;
  /** The session where the format tells it, else the process. */
  readonly session: string;
  /** The line's number in its session, where it is told. */
  readonly line?: string;
  readonly virtualTransaction?: string;
  readonly user?: string;
  readonly database?: string;
  /** An address, or `[local]`. */
  readonly host?: string;
  readonly application?: string;
  readonly severity: string;
  readonly state?: string;
  readonly message: string;
  /** The statement that an error is about. */
  readonly statement?: string;
}

/** Makes records of lines. A record may be many lines long. */
export interface Parser {
  /** Records that this line ends; those of stderr end with the next one. */
  readonly take: (line: string) => readonly LogRecord[];
  /** The record that is still open, at the end of what was read. */
  readonly flush: () => readonly LogRecord[];
  /** Whether everything taken so far is in a record that was given: the place may be kept. */
  readonly whole: () => boolean;
  /** Lines that are no record. */
  readonly strange: () => number;
}

/** Undefined members are left out. */
export function compact<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined && member !== '')) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };
}
