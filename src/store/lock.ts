/** One process works on a deployment at a time; a dead one's lock is taken over, a living one's never. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Surroundings } from '../model.ts';

export interface Lock {
  readonly release: () => Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Changes with each boot of the machine; '' where it cannot be told. */
  readonly boot: string;
  /** When the process started, in ticks since boot: process ids are used again. */
  readonly started: string;
  readonly since: string;
  readonly released?: true;
}

/**
 * The lock is a folder of numbered files of which the highest counts. Taking it means making the next number, which
 * the file system grants to one process only; so there is no moment in which a takeover could remove a living lock.
 *
 * @throws {DrifttrailError} `locked` (exit code 75) at once, naming pid and host
 */
export async function acquireLock(stateDir: string, surroundings: Pick<Surroundings, 'now'>): Promise<Lock> {
  const folder = join(stateDir, 'lock');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    boot: bootId(),
    started: startOf(process.pid),
    since: surroundings.now().toISOString(),
  };
  for (;;) {
    const number = highest(folder);
    const holder = number === 0 ? undefined : readHolder(join(folder, String(number)));
    if (holder !== undefined && holds(holder, own)) throw lockedBy(holder, folder);
    const mine = join(folder, String(number + 1));
    if (!create(folder, mine, own)) continue;
    // Somebody who looked earlier may make a number below the one that counts by now.
    if (highest(folder) !== number + 1) {
      rmSync(mine, { force: true });
      continue;
    }
    for (const name of readdirSync(folder))
      if (name !== String(number + 1) && isOlder(name, number + 1)) rmSync(join(folder, name), { force: true });
    return { release: async () => replace(folder, mine, { ...own, released: true }) };
  }
}

function isOlder(name: string, number: number): boolean {
  return /^\d+$/.test(name) && Number(name) < number;
}

function highest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (cause) {
    // Taken away since it was listed, or emptied by a crash of the machine: nobody holds it.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function create(folder: string, file: string, holder: Holder): boolean {
  const draft = writeDraft(folder, holder);
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(folder: string, file: string, holder: Holder): void {
  renameSync(writeDraft(folder, holder), file);
}

/** Written aside, so that a lock file is whole from the moment it has its name. */
function writeDraft(folder: string, holder: Holder): string {
  const draft = join(folder, `draft-${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

/** On another machine nothing can be told, so its lock is honoured. */
function holds(holder: Holder, own: Holder): boolean {
  if (holder.released === true) return false;
  if (holder.host !== own.host) return true;
  if (holder.boot !== own.boot) return false;
  if (!isAlive(holder.pid)) return false;
  return holder.started === '' || startOf(holder.pid) === holder.started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id').trim();
}

/** Field 22 of stat, after the command's name in parentheses. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function startOf(pid: number): string {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** '' where there is no /proc. */
function readProc(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function lockedBy(holder: Holder, folder: string): DrifttrailError {
  return new DrifttrailError({
    code: 'locked',
    message: `process ${holder.pid} on ${holder.host} works on this deployment since ${holder.since}`,
    remedy: `wait for it to end; if ${holder.host} is gone for good, remove ${folder}`,
    exitCode: 75,
  });
}
