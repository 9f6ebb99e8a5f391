/** `drifttrail timeline`: it broke at some moment; what changed before, the most suspicious first. */
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Answered } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import type { Alert, Calm } from '../pipeline/alert.ts';
import type { Suspect } from '../pipeline/timeline.ts';
import { requirePlain } from '../plain-file.ts';
import { examples } from './help.ts';
import { parseCount } from './numbers.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session, textOptions } from './session.ts';
import { describeAge, LOOK_BACK, momentBefore, parsePast } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly at?: string;
  readonly fromAlert?: string;
  readonly before: string;
  readonly near?: string;
  readonly max: number;
  readonly tell?: boolean;
  readonly json?: boolean;
}

export const timeline: Registration = (self, session) => {
  self
    .addHelpText(
      'before',
      examples(
        ['drifttrail timeline --at 2026-11-19T09:10Z', 'builds stopped then: what changed in the 24 hours before'],
        ['drifttrail timeline --at 20m --near web01', 'it broke 20 minutes ago, and web01 is where it shows'],
        ['drifttrail timeline --at now --before 7d --near subnet-0a1', 'look further back'],
        ['env | grep ^NAGIOS_ | drifttrail timeline --from-alert -', 'in a notification command: when and what, as the monitor says'],
      ),
    )
    .option('--at <time>', 'when it broke: a UTC date or time, a duration ago, or now')
    .option(
      '--from-alert <file>',
      'when and what broke from an alert: a webhook of PagerDuty, Alertmanager or Grafana, or Nagios; - is stdin',
    )
    .option('--tell', 'with --from-alert: tell it to the hooks with answers: true, too')
    .option('--before <duration>', 'how far to look back', LOOK_BACK)
    .option('--near <what>', 'what is broken: an id, a name, an address, a host')
    .option('--max <count>', 'at most so many', parseCount, 20)
    .option('--json', 'print JSON: the findings of the report with when, how near and how suspicious')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      if (options.tell === true && options.fromAlert === undefined)
        throw wrong('--tell answers an alert', 'give it with --from-alert <file>');
      const alert = options.fromAlert === undefined ? undefined : await alertFrom(options.fromAlert);
      if (alert !== undefined && 'nothing' in alert) return sayNothing(alert, options, session);
      const at = alert === undefined || options.at !== undefined ? momentOf(options.at, session.surroundings.now()) : alert.at;
      const from = momentBefore(at, options.before);
      const [{ beforeTrouble }, deployment] = await Promise.all([import('../pipeline/trouble.ts'), openDeployment(session, options)]);
      const near = options.near === undefined ? (alert?.named ?? []) : [options.near];
      const words = options.near === undefined ? (alert?.words ?? []) : [];
      const { suspects: found, gaps, known } = await beforeTrouble(deployment, { at, from, near, words });
      if (options.near !== undefined && known.length === 0) throw unknown(options.near);
      if (alert !== undefined) {
        session.say(`${alert.title}, since ${at}${nearText(alert, known)}`);
        if (options.tell === true) await tell(deployment, { alert, from, suspects: found }, session);
      }
      // What broke a minute after the last look may have changed in that minute.
      const { unseenIn } = await import('../questions/looks.ts');
      const unseen = await unseenIn(deployment, { from, to: at }, 0);
      if (options.json === true) {
        const { suspectsJson } = await import('../pipeline/suspects-json.ts');
        const asked = { at, from, near: options.near ?? null, alert: alert ?? null, most: options.max };
        await outJson(session, { ...suspectsJson({ suspects: found, gaps, known }, asked), unseen });
        return;
      }
      const [{ renderFinding }, { isBlank, unseenText }] = await Promise.all([import('../report/text.ts'), import('../report/unseen.ts')]);
      const text = textOptions(session, deployment.kinds);
      const blocks = found.slice(0, options.max).map((suspect) => [heading(suspect), ...renderFinding(suspect.finding, text)].join('\n'));
      if (blocks.length === 0 && !isBlank({ unseen, window: { from } }))
        blocks.push(`Nothing is known to have changed in the ${options.before} before ${at.slice(0, 16)}Z.`);
      if (unseen !== null) blocks.push(unseenText(unseen));
      if (found.length > options.max) blocks.push(`… and ${found.length - options.max} less suspicious; see them: --max ${found.length}`);
      if (gaps.length > 0) blocks.push(`${gaps.length} ${gaps.length === 1 ? 'place' : 'places'} could not be read: drifttrail coverage`);
      await session.out(blocks.join('\n\n'));
    });
};

function heading({ before, time, suspicion, closeness, finding }: Suspect): string {
  const sure = finding.attribution.status === 'attributed';
  const near =
    closeness === undefined
      ? ''
      : closeness >= 1
        ? ', the very thing'
        : closeness >= 0.4
          ? ', close to it'
          : closeness > 0
            ? ', in its neighbourhood'
            : '';
  return `${sure ? '' : 'at most '}${describeAge(before)} before (${time.slice(11, 16)}Z)${near} · suspicion ${suspicion}`;
}

/** A notification command that is called when all is well again has not failed. */
async function sayNothing(calm: Calm, { json }: Options, session: Session): Promise<void> {
  if (json === true) return outJson(session, (await import('../pipeline/suspects-json.ts')).quietJson(calm));
  session.say(`nothing to answer: ${calm.nothing}`);
}

async function alertFrom(file: string): Promise<Alert | Calm> {
  const { readAlert } = await import('../pipeline/alert.ts');
  if (file === '-') return readAlert(await textOf(process.stdin), 'stdin');
  requirePlain(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`;
    throw new DrifttrailError({ code: 'alert-unreadable', message, remedy: 'name the file with the alert, or - for stdin', cause: error });
  });
  return readAlert(text, file);
}

async function tell(deployment: Deployment, answered: Answered, { signal, say }: Session): Promise<void> {
  const [{ tellAnswer }, { deliver }] = await Promise.all([import('../answer.ts'), import('../outlets.ts')]);
  const told = await tellAnswer(deployment, answered);
  await deliver(deployment, { signal, problem: (text) => say(`hooks: ${text}`) });
  say(told.length === 0 ? 'told to no hook: none of them answers this alert, or it was told before' : `told to ${told.join(', ')}`);
}

/** @throws {DrifttrailError} `usage` */
function momentOf(at: string | undefined, now: Date): string {
  if (at !== undefined) return parsePast('--at', at, now).toISOString();
  throw wrong('it is not said when it broke', 'give --at <time>, such as --at 20m, or --from-alert <file>');
}

function wrong(message: string, remedy: string): DrifttrailError {
  return new DrifttrailError({ code: 'usage', message, remedy });
}

function nearText({ named }: Alert, known: readonly string[]): string {
  if (known.length > 0) return `, near ${known.join(', ')}`;
  return named.length === 0 ? '' : `; nothing that is recorded here is or mentions ${named.join(', ')}`;
}

function unknown(near: string): DrifttrailError {
  return new DrifttrailError({
    code: 'resource-unknown',
    message: `nothing that is recorded here is or mentions ${near}`,
    remedy: 'name an id, a name, an address or a host as it stands in the files of snapshots/, or leave --near out',
  });
}
