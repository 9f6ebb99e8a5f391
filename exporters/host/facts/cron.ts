/** What cron runs, when and as whom: system and personal crontabs, and the scripts of the periodic folders. */
import type { JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { dataLines, type Fact, keyed } from './fact.ts';

export const cron: Fact = {
  name: 'cron',
  kind: 'host.cron',
  title: 'cron job',
  read,
  ahead: 'texts /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/* /etc/crontabs/*',
};

const PERIODS = ['hourly', 'daily', 'weekly', 'monthly'];
const SPOOLS = ['var/spool/cron/crontabs', 'var/spool/cron', 'etc/crontabs'];

function read(source: Source): JsonObject {
  const system = ['etc/crontab', ...files(source, 'etc/cron.d')].flatMap((file) => crontab(source.read(file) ?? '', file));
  const personal = SPOOLS.flatMap((folder) =>
    files(source, folder).flatMap((file) => crontab(source.read(file) ?? '', file, file.slice(file.lastIndexOf('/') + 1))),
  );
  const periodic = PERIODS.flatMap((period) =>
    files(source, `etc/cron.${period}`).map((file): [string, JsonObject] => [
      file,
      { file, schedule: `@${period}`, user: 'root', command: `/${file}` },
    ]),
  );
  return keyed([...system, ...personal, ...anacron(source.read('etc/anacrontab') ?? ''), ...periodic]);
}

/** cron skips names with a dot (`.placeholder`, `job.dpkg-old`). */
function files(source: Source, folder: string): string[] {
  try {
    return source
      .list(folder)
      .filter((name) => /^[A-Za-z0-9_-]+$/.test(name) || (folder.startsWith('var/') && !name.startsWith('.')))
      .map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error instanceof Unreadable && error.reason === 'denied') throw new Unreadable(folder, 'EACCES');
    throw error;
  }
}

/**
 * The jobs of a crontab; `owner` for a personal one, which has no user field. The key leaves the command out, which may
 * hold a secret: values are redacted, keys are names.
 */
export function crontab(text: string, file: string, owner?: string): [string, JsonObject][] {
  return dataLines(text).flatMap((line): [string, JsonObject][] => {
    const words = line.split(/\s+/);
    if (/^[A-Za-z_][A-Za-z0-9_]*\s*=/.test(line)) return []; // an environment setting; the file itself shows it
    const length = line.startsWith('@') ? 1 : 5;
    const schedule = words.slice(0, length).join(' ');
    const user = owner ?? words[length];
    const skipped = length + (owner === undefined ? 1 : 0);
    const command = new RegExp(`^(?:\\S+\\s+){${skipped}}(.*)$`, 's').exec(line)?.[1];
    if (user === undefined || command === undefined) return [];
    return [[`${file} ${schedule}`, { file, schedule, user, command }]];
  });
}

function anacron(text: string): [string, JsonObject][] {
  return dataLines(text).flatMap((line): [string, JsonObject][] => {
    const [, period, delay, name, command] = /^(\S+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (period === undefined || command === undefined) return [];
    const file = 'etc/anacrontab';
    return [[`${file} ${name}`, { file, schedule: `every ${period} days, delay ${delay} min`, user: 'root', command }]];
  });
}
