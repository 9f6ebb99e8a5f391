/** The one doorway to git: plumbing by spawn, ordinary commands by simple-git, bulk data by streams. */
import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import type { Spawn, SpawnResult, Surroundings } from '../model.ts';
import { gitFailed } from './git-errors.ts';
import { type Feed, openFeed, readOutput, runOverNetwork } from './streams.ts';

export interface GitOptions {
  readonly input?: Uint8Array | string;
  /** Exit codes that are answers; 0 by default. */
  readonly codes?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; default ten minutes. */
  readonly timeout?: number;
  /** Ends the child. */
  readonly signal?: AbortSignal;
}

export interface Git {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** @throws {DrifttrailError} `git-failed` for any other exit code, `git-locked` (75) when another git holds a lock */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<SpawnResult>;
  /** The output without the newline at its end. */
  readonly text: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** Starts a child that is fed chunk by chunk; see `Feed`. */
  readonly feed: (args: readonly string[]) => Feed;
  /** What a child prints, as it comes. Leaving the loop ends the child, and so does the signal. */
  readonly read: (args: readonly string[], input?: string, signal?: AbortSignal) => AsyncIterable<Buffer>;
  /**
   * A command that talks to a remote. With the signal its whole process group ends: a transport helper (ssh, https)
   * that hangs would outlive its git, which is why simple-git's interrupt is not enough.
   */
  readonly network: (args: readonly string[], signal: AbortSignal) => Promise<string>;
  readonly simple: () => Promise<SimpleGit>;
}

const TIMEOUT = 600_000;
/** What a caller inside another git command or an editor session leaves behind and would lead ours astray. */
const DROPPED =
  /^(?:GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CONFIG|EXTERNAL_DIFF|DIFF_OPTS|(?:ICASE|GLOB|NOGLOB)_PATHSPECS|QUARANTINE_PATH|(?:AUTHOR|COMMITTER)_.*|.*EDITOR|PAGER|TRACE.*)|EDITOR|VISUAL|PAGER|PREFIX)$/;
/** The administrator's own settings, which simple-git would otherwise refuse to hand on. */
const TRUSTED = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeExec: true,
  allowUnsafeGitProxy: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
} as const;

export function createGit(dir: string, surroundings: Pick<Surroundings, 'env' | 'spawn'>): Git {
  const env = environment(dir, surroundings.env);
  const run = runner(dir, env, surroundings.spawn);
  return {
    dir,
    env,
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString('utf8').replace(/\n$/, ''),
    feed: (args) => openFeed({ dir, env }, args),
    read: (args, input, signal) => readOutput({ dir, env }, args, input, signal),
    network: (args, signal) => runOverNetwork({ dir, env }, args, signal),
    simple: async () => {
      const { simpleGit } = await import('simple-git');
      const guarded = Object.keys(env).filter((name) => name.startsWith('GIT_') || name === 'SSH_ASKPASS');
      return simpleGit({
        baseDir: dir,
        allowEnvironment: guarded,
        unsafe: TRUSTED,
        maxConcurrentProcesses: 1,
        completion: { onClose: true, onExit: false }, // else each command takes 50 ms longer
      }).env(env);
    },
  };
}

/** The same doorway for somebody who may leave: with the signal every child that he waits for ends. */
export function boundGit(git: Git, signal: AbortSignal): Git {
  const run: Git['run'] = (args, options) => git.run(args, { ...options, signal });
  return {
    ...git,
    run,
    text: (args, options) => git.text(args, { ...options, signal }),
    read: (args, input) => git.read(args, input, signal),
  };
}

/** The tool's own settings: no prompts, no translations, no discovery of a repository further up. */
function environment(dir: string, given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined && !DROPPED.test(entry[0]));
  return {
    ...Object.fromEntries(kept),
    GIT_DIR: join(dir, '.git'),
    GIT_WORK_TREE: dir,
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ADVICE: '0',
    LC_ALL: 'C',
  };
}

function runner(dir: string, env: Readonly<Record<string, string>>, spawn: Spawn): Git['run'] {
  return async (args, { input, codes = [0], env: more, timeout = TIMEOUT, signal } = {}) => {
    const result = await spawn('git', args, {
      cwd: dir,
      env: { ...env, ...more },
      timeout,
      ...(input === undefined ? {} : { input }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.code === null || !codes.includes(result.code)) throw gitFailed(args, result.code, result.stderr);
    return result;
  };
}
