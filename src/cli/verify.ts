/** `drifttrail verify`: proves that the history, or the audit trail, is what was written. */
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { parseWindow } from './time.ts';
import { asJson, asText, exitCodeOf } from './verify-verdict.ts';

interface Options extends GlobalOptions {
  readonly trail?: boolean;
  readonly since: string;
  readonly json?: boolean;
}

export const verify: Registration = (self, session) => {
  self
    .description(
      'Reads every object and commit, compares them with the tips kept outside of the repository and with the remote; with --trail the digests and log files that CloudTrail delivered. Exit codes: 0 sound, 2 problems, 3 not everything could be checked, 1 error.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail verify', 'was the history rewritten, here or on the remote?'],
        ['drifttrail verify --trail', 'was the audit trail of 90 days tampered with, or logging stopped?'],
        ['drifttrail verify --trail --since 7d --json', 'for machines'],
      ),
    )
    .option('--trail', 'check the configured trails instead of the history')
    .option('--since <time>', 'with --trail: a duration before now or a UTC date or time', '90d')
    .option('--json', 'print JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const window = parseWindow(options.since, undefined, session.surroundings.now());
      const deployment = await openDeployment(session, options);
      const verdict =
        options.trail === true
          ? await import('./verify-trail.ts').then(({ trailVerdict }) => trailVerdict(deployment, window, session))
          : await import('./verify-history.ts').then(({ historyVerdict }) => historyVerdict(deployment, session));
      if (options.json === true) await outJson(session, asJson(verdict));
      else await session.out(asText(verdict));
      session.exit(exitCodeOf(verdict));
    });
};
