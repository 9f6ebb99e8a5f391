/** What the kernel and auditd of this machine say about themselves. */
import { readFile } from 'node:fs/promises';
import type { Surroundings } from 'drifttrail';

export interface AuditStatus {
  /** Undefined where it cannot be told. */
  readonly running: boolean | undefined;
  /** Records that the kernel could not hand over since it started; undefined where only root is told. */
  readonly lost?: number;
  /** The rules as `auditctl -l` prints them. */
  readonly rules?: string;
}

const TIMEOUT = 10_000;
const SEARCH = '/usr/sbin:/sbin:/usr/bin:/bin';

export async function auditStatus({ spawn }: Pick<Surroundings, 'spawn'>, signal: AbortSignal): Promise<AuditStatus> {
  const ask = async (flag: string): Promise<string | undefined> => {
    try {
      const { code, stdout } = await spawn('auditctl', [flag], { signal, timeout: TIMEOUT, env: { PATH: SEARCH, LC_ALL: 'C' } });
      return code === 0 ? stdout.toString('utf8') : undefined;
    } catch (error) {
      if ((error as { code?: string }).code === 'spawn-failed') return undefined;
      throw error;
    }
  };
  const status = await ask('-s');
  if (status === undefined) return { running: await daemonRuns() };
  const number = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(status)?.[1] ?? Number.NaN);
  const [enabled, pid, lost] = [number('enabled'), number('pid'), number('lost')];
  const rules = await ask('-l');
  return { running: enabled !== 0 && pid > 0, ...(Number.isNaN(lost) ? {} : { lost }), ...(rules === undefined ? {} : { rules }) };
}

/** Everybody may read the process's name; only root may ask the kernel. */
async function daemonRuns(): Promise<boolean | undefined> {
  try {
    const pid = (await readFile('/run/auditd.pid', 'utf8')).trim();
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'auditd';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'EACCES') return undefined;
    throw error;
  }
}
