/** `drifttrail log`: the history, one line a commit, with who stood behind it. */
import type { Finding, Level } from '../model.ts';
import { REPORT_LEVELS } from '../report/order.ts';
import { type Entry, history, whoDidIt } from '../questions/findings.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { parseCount } from './numbers.ts';
import { clean } from '../report/clean.ts';
import { parseMoment } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly since?: string;
  readonly until?: string;
  readonly max?: number;
  readonly json?: boolean;
}

export const log: Registration = (self, session) => {
  self
    .argument('[paths...]', 'only commits that touch these files or folders of the snapshots repository')
    .addHelpText(
      'before',
      examples(
        ['drifttrail log', 'everything, newest first'],
        ['drifttrail log --since 7d hosts/web01', 'one host, last week'],
        ['git -C snapshots log -p', 'the same with plain git; notes name the actors'],
      ),
    )
    .option('--since <time>', 'a duration before now or a UTC date or time')
    .option('--until <time>', 'the end of the span')
    .option('-n, --max <count>', 'at most so many commits', parseCount)
    .option('--json', 'print JSON, an array of commits')
    .action(async (paths: string[], _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const now = session.surroundings.now();
      const query = {
        ...(options.since === undefined ? {} : { since: parseMoment(options.since, now).toISOString() }),
        ...(options.until === undefined ? {} : { until: parseMoment(options.until, now).toISOString() }),
        ...(options.max === undefined ? {} : { max: options.max }),
        ...(paths.length === 0 ? {} : { paths }),
      };
      const deployment = await openDeployment(session, options);
      const rows: object[] = [];
      let count = 0;
      for await (const entry of history(deployment, query)) {
        if (session.closed() || session.signal.aborted) break;
        count++;
        if (options.json === true) rows.push(rowOf(entry));
        else await session.out(lineOf(entry));
      }
      if (options.json === true) await outJson(session, rows);
      if (count === 0) session.say(`no commits${paths.length === 0 ? '' : ` under ${paths.join(', ')}`}; paths are those of snapshots/`);
    });
};

function lineOf({ commit, findings }: Entry): string {
  const level = highest(findings);
  return [`${commit.date.slice(0, 16)}Z`, commit.sha.slice(0, 10), (level ?? '').padEnd(8), clean(commit.subject), actorsOf(findings)]
    .filter((part) => part !== '')
    .join('  ');
}

function actorsOf(findings: Entry['findings']): string {
  const told = findings.filter(({ attribution }) => attribution.status !== 'not-applicable');
  const names = [...new Set(told.map(whoDidIt))];
  return names.length === 0 ? '' : `by ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

function rowOf({ commit, findings }: Entry): object {
  return {
    commit: commit.sha,
    date: commit.date,
    subject: commit.subject,
    level: highest(findings) ?? null,
    findings: findings.map(({ id, level, attribution }) => ({
      id,
      level,
      status: attribution.status,
      actor: attribution.actor?.name ?? null,
    })),
  };
}

function highest(findings: readonly Finding[]): Level | undefined {
  return REPORT_LEVELS.find((level) => findings.some((finding) => finding.level === level));
}
