/** `drifttrail verify`: proves that the history, the audit trail, or the central copy of a log, is what was written. */
import { DrifttrailError } from '../errors.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session } from './session.ts';
import { parseCount } from './numbers.ts';
import { parseDuration, parseWindow } from '../questions/time.ts';
import { asJson, asText, exitCodeOf, type Verdict } from './verify-verdict.ts';

interface Options extends GlobalOptions {
  readonly trail?: boolean;
  readonly since: string;
  readonly logs?: string;
  readonly log?: readonly string[];
  readonly lines: number;
  readonly delay: string;
  readonly json?: boolean;
}

export const verify: Registration = (self, session) => {
  self
    .description(
      'Reads every object and commit, compares them with the tips kept outside of the repository and with the remote; with --trail the digests and log files that CloudTrail delivered; with --logs whether the newest lines of this machine stand in the central copy of its log. Exit codes: 0 sound, 2 problems, 3 not everything could be checked, 1 error.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail verify', 'was the history rewritten, here or on the remote?'],
        ['drifttrail verify --trail', 'was the audit trail of 90 days tampered with, or logging stopped?'],
        ['drifttrail verify --trail --since 7d --json', 'for machines'],
        ['drifttrail verify --logs /mnt/central/web01', 'did what this machine logged arrive?'],
      ),
    )
    .option('--trail', 'check the configured trails instead of the history')
    .option('--since <time>', 'with --trail: a duration before now or a UTC date or time', '90d')
    .option('--logs <path>', 'check this machine instead: its newest log lines must stand in this file, or folder, of the log host')
    .option('--log <file...>', 'with --logs: the logs of this machine; default /var/log/syslog, else /var/log/messages')
    .option('--lines <count>', 'with --logs: how many lines of each', parseCount, 200)
    .option('--delay <duration>', 'with --logs: how old a line must be to have arrived', '5m')
    .option('--json', 'print JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const verdict = await verdictOf(session, options);
      if (options.json === true) await outJson(session, asJson(verdict));
      else await session.out(asText(verdict));
      session.exit(exitCodeOf(verdict));
    });
};

async function verdictOf(session: Session, options: Options): Promise<Verdict> {
  if (options.log !== undefined && options.logs === undefined) {
    const remedy = 'name their central copy with --logs <path>';
    throw new DrifttrailError({ code: 'usage', message: '--log is about the logs of this machine', remedy });
  }
  if (options.logs !== undefined) {
    const { logsVerdict } = await import('./verify-logs.ts');
    const { logs: central, log: logs, lines, delay } = options;
    return logsVerdict({ central, lines, delay: parseDuration(delay), ...(logs === undefined ? {} : { logs }) }, session);
  }
  const window = parseWindow(options.since, undefined, session.surroundings.now());
  const deployment = await openDeployment(session, options);
  if (options.trail === true) return (await import('./verify-trail.ts')).trailVerdict(deployment, window, session);
  return (await import('./verify-history.ts')).historyVerdict(deployment, session);
}
