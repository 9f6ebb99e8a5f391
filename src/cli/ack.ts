/** `drifttrail ack`: a person has looked at a finding; it stays in the report, marked, and neither alarms nor counts. */
import { DrifttrailError } from '../errors.ts';
import { stands } from '../pipeline/aside.ts';
import type { Ack } from '../store/acks.ts';
import { clean } from '../report/clean.ts';
import { findingById } from '../questions/findings.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session } from './session.ts';
import { parseEnding } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly reason?: string;
  readonly until?: string;
  readonly by?: string;
  readonly withdraw?: boolean;
  readonly json?: boolean;
}

export const ack: Registration = (self, session) => {
  self
    .argument('[finding]', 'the id of a finding: f-…; without it, all that stand are listed')
    .description(
      'It is kept in the snapshots repository, under refs/drifttrail/acks, and pushed with it. While a snapshot runs it is waited for, up to 8 s. What is always fine belongs under ignore: in drifttrail.yaml instead.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail ack f-0123456789ab --reason "agreed, CHG-4711" --until 7d', 'for a week'],
        ['drifttrail ack', 'what was acknowledged, by whom and why'],
        ['drifttrail ack f-0123456789ab --withdraw', 'it counts again'],
      ),
    )
    .option('--reason <text>', 'why it is fine; it is shown wherever the finding is')
    .option('--until <time>', 'a date, or a duration from now; then it counts again. Default: for good')
    .option('--by <name>', 'who says so; default: you')
    .option('--withdraw', 'take it back')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      if (id === undefined) return list(session, options, deployment.store, session.surroundings.now().toISOString());
      if (options.withdraw !== true && (options.reason ?? '').trim() === '') {
        throw new DrifttrailError({
          code: 'reason-missing',
          message: 'an acknowledgement needs a reason',
          remedy: 'say why it is fine: --reason "…"; the next one to see it will want to know',
        });
      }
      const { finding } = await findingById(deployment, id);
      const by = options.by ?? session.surroundings.env.USER ?? session.surroundings.env.LOGNAME ?? 'somebody';
      const now = session.surroundings.now();
      const until = options.until === undefined ? undefined : parseEnding(options.until, now);
      const said =
        options.withdraw === true
          ? { finding: finding.id }
          : { finding: finding.id, reason: options.reason ?? '', by, at: now.toISOString(), ...(until === undefined ? {} : { until }) };
      const { acknowledge } = await import('../pipeline/acks.ts');
      const done = await acknowledge(deployment, said, by);
      if (options.json === true) await outJson(session, { schemaVersion: 1, ...said, withdrawn: options.withdraw === true && done });
      else session.say(sentence(finding.id, options, done, until));
    });
};

async function list(session: Session, options: Options, store: { readAcks: () => Promise<readonly Ack[]> }, now: string): Promise<void> {
  const acks = (await store.readAcks()).filter((one) => stands(one, now)).sort((a, b) => (a.at < b.at ? 1 : -1));
  if (options.json === true) await outJson(session, { schemaVersion: 1, acks });
  else if (acks.length === 0) session.say('nothing is acknowledged');
  else
    await session.out(
      acks
        .map(({ finding, by, at, until, reason }) =>
          clean(`${finding}  ${at.slice(0, 16)}Z  ${by}${until === undefined ? '' : `, until ${until.slice(0, 16)}Z`}: ${reason}`),
        )
        .join('\n'),
    );
}

function sentence(id: string, { withdraw }: Options, done: boolean, until: string | undefined): string {
  if (withdraw === true) return done ? `${id} counts again` : `${id} was not acknowledged`;
  return `${id} is set aside${until === undefined ? '' : ` until ${until.slice(0, 16)}Z`}`;
}
