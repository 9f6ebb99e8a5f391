/** What a plug-in may touch: everything outside the process comes through here. */

/** What a plug-in may touch. Everything outside the process comes through here. */
export interface Surroundings {
  /** The deployment's folder: relative paths in options start here. */
  readonly dir: string;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly spawn: Spawn;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: Uint8Array | string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the child is killed. */
  readonly timeout?: number;
  /** Bytes of stdout after which the child is killed; default 256 MiB. */
  readonly maxBytes?: number;
  /** Starts it as the leader of a process group and session of its own: what kills it kills what it has started, too. */
  readonly group?: boolean;
}
export interface SpawnResult {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}
/** Runs a program without a shell. Rejects only when it cannot be started (code `spawn-failed`) or was aborted. */
export type Spawn = (command: string, args: readonly string[], options?: SpawnOptions) => Promise<SpawnResult>;
