/** `drifttrail log`: the history, one line a commit, with who stood behind it. */
import { type Entry, history } from '../questions/findings.ts';
import { examples } from './help.ts';
import { highest, lineOf } from './log-line.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { parseCount } from './numbers.ts';
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
        else await session.out(lineOf(entry, session.terminal ? session.width : undefined));
      }
      if (options.json === true) await outJson(session, rows);
      if (count === 0) session.say(`no commits${paths.length === 0 ? '' : ` under ${paths.join(', ')}`}; paths are those of snapshots/`);
    });
};

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
