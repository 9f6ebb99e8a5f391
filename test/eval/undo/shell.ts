/** Runs printed commands as a person would who pastes them: by a POSIX shell, with an `aws` on its PATH. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ran {
  readonly ok: boolean;
  /** What the shell and the commands said about their failure. */
  readonly said: string;
}

/** A restored resource takes seconds; the real command line starts slowly on a crowded machine. Milliseconds. */
const DEADLINE = 3 * 60_000;

/** Stops at the first command that fails. In a folder of its own: a new MFA device writes its picture where it stands. */
export async function runInShell(commands: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<Ran> {
  const cwd = await mkdtemp(join(tmpdir(), 'drifttrail-undo-'));
  try {
    return await new Promise((resolve) => {
      execFile('sh', ['-e', '-c', commands.join('\n')], { cwd, env: { ...env }, timeout: DEADLINE }, (error, _stdout, stderr) =>
        resolve({ ok: error === null, said: stderr.trim() }),
      );
    });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
