/** `drifttrail check`: a verdict for pipelines and monitoring. Never 0 when something could not be read. */
import { Option } from 'commander';
import type { Gap, Level } from '../model.ts';
import { describeError, DrifttrailError } from '../errors.ts';
import { atLeast } from '../rank/levels.ts';
import { countsText, type NagiosVerdict, nagiosCode, nagiosLine } from '../report/nagios.ts';
import { countLevels, REPORT_LEVELS, stands } from '../report/order.ts';
import { formatOf } from './format.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session } from './session.ts';
import { staleScopes } from './stale.ts';
import { parseDuration, parseWindow } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly failOn: Level;
  readonly since: string;
  readonly maxAge: string;
  readonly format: 'text' | 'json' | 'nagios';
  readonly json?: boolean;
}

export interface Verdict {
  readonly status: 'none' | 'drift' | 'incomplete' | 'error';
  readonly counts: Record<Level, number>;
  readonly gaps: readonly Gap[];
  /** Scopes not read completely for too long, with their age in words. */
  readonly stale: readonly string[];
  readonly error?: string;
}

const EXIT: Record<Verdict['status'], number> = { none: 0, drift: 2, error: 1, incomplete: 3 };

export const check: Registration = (self, session) => {
  self
    .description(
      'Exit codes: 0 nothing at or above the level, 2 drift, 3 incomplete, 1 error. With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail check --fail-on high', 'fail a pipeline on high and critical findings of 24 hours'],
        ['drifttrail check --format nagios --since 1h', 'for Nagios, Icinga, Zabbix'],
      ),
    )
    .addOption(new Option('--fail-on <level>', 'the least level that counts as drift').choices([...REPORT_LEVELS]).default('high'))
    .option('--since <time>', 'a duration before now or a UTC date or time', '24h')
    .option('--max-age <duration>', 'a scope not read completely for so long makes the answer incomplete', '24h')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'nagios']).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const format = formatOf(command, options);
      const verdict = await judge(session, options, format !== 'text');
      if (format === 'json') await outJson(session, { schemaVersion: 1, ...verdict });
      else await session.out(format === 'nagios' ? nagiosLine(nagiosOf(verdict)) : textOf(verdict, options));
      session.exit(format === 'nagios' ? nagiosCode(nagiosOf(verdict)) : EXIT[verdict.status]);
    });
};

async function judge(session: Session, options: Options, tellErrors: boolean): Promise<Verdict> {
  const counts = countLevels([]);
  try {
    const now = session.surroundings.now();
    const window = parseWindow(options.since, undefined, now);
    const maxAge = parseDuration(options.maxAge);
    const [{ readReport }, deployment] = await Promise.all([import('../pipeline/report.ts'), openDeployment(session, options)]);
    const { findings, gaps } = await readReport(deployment, { since: window.from, until: window.to });
    const stale = staleScopes(await deployment.store.readObserved(), now, maxAge);
    const standing = findings.filter(stands);
    const drift = standing.some(({ level }) => atLeast(level, options.failOn));
    const status = drift ? 'drift' : gaps.length > 0 || stale.length > 0 ? 'incomplete' : 'none';
    return { status, counts: countLevels(standing), gaps, stale };
  } catch (error) {
    // Monitoring reads stdout: there an error is an answer too. A person gets the line of main().
    if (!tellErrors || !(error instanceof DrifttrailError)) throw error;
    return { status: 'error', counts, gaps: [], stale: [], error: describeError(error) };
  }
}

function nagiosOf({ status, counts, gaps, stale, error }: Verdict): NagiosVerdict {
  return { status, counts, holes: gaps.length + stale.length, error };
}

function textOf(verdict: Verdict, options: Options): string {
  const holes = [
    ...verdict.gaps.map((gap) => `gap: ${gap.scope} ${gap.kind ?? ''} ${gap.reason}: ${gap.detail}`),
    ...verdict.stale.map((line) => `stale: ${line}`),
  ];
  return [
    `${verdict.status}: ${countsText(verdict.counts) || 'no findings'} since ${options.since} (fails on ${options.failOn})`,
    ...holes,
  ].join('\n');
}
