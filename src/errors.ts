/** The one error that users see: what happened, where, and what to do about it. */

export interface Position {
  readonly file: string;
  /** 1-based */
  readonly line?: number;
  /** 1-based */
  readonly column?: number;
}

export interface ErrorDetails {
  /** A stable word for machines and tests, such as `config-invalid` or `locked`. */
  readonly code: string;
  /** What happened, in one line. */
  readonly message: string;
  /** What to do next, in one line. */
  readonly remedy?: string;
  readonly position?: Position;
  /** The process's exit code; 1 unless told. 75 means: try again later. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** An error whose text is fit for a user; everything else that is thrown is a defect. */
export class DrifttrailError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly position: Position | undefined;
  readonly exitCode: number;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DrifttrailError';
    this.code = details.code;
    this.remedy = details.remedy;
    this.position = details.position;
    this.exitCode = details.exitCode ?? 1;
  }
}

/** `file:line:column: message; remedy`, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof DrifttrailError)) return oneLine(error instanceof Error ? error.message : String(error));
  const { position } = error;
  const where = position ? [position.file, position.line, position.column].filter((part) => part !== undefined).join(':') : '';
  return oneLine(`${where === '' ? '' : `${where}: `}${error.message}${error.remedy === undefined ? '' : `; ${error.remedy}`}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim();
}
