/** Plays one trial: look, change, look, undo by what is printed, look again, and judge. */
import type { Change } from '../../../src/model.ts';
import type { Endpoint } from '../../aws/endpoint/endpoint.ts';
import type { Documents } from '../attribution/documents.ts';
import { changesBetween, undoOf } from './changes.ts';
import { compare, type Difference, isAssigned, isWithin } from './compare.ts';
import type { Hands } from './hands.ts';
import { openLab, REGION } from './lab.ts';
import { runInShell } from './shell.ts';
import type { Trial } from '../../aws/trials/trial.ts';

/**
 * `restored`: the bytes of before, but for the ids of what was made anew. `told`: what differs was told in a note.
 * `unverifiable`: the endpoint cannot play it or shows it otherwise than AWS. `wrong`: all else.
 */
export type Status = 'restored' | 'told' | 'unverifiable' | 'wrong';

export interface Verdict {
  readonly trial: Trial;
  readonly status: Status;
  readonly because: string;
  readonly commands: readonly string[];
}

/** The emulator's words for what it does not do. */
const NOT_EMULATED = /NotImplemented|InvalidAction|InternalError|has not been implemented/i;

export async function playTrial(trial: Trial, endpoint: Endpoint, account: string, hands: Hands): Promise<Verdict> {
  const lab = await openLab(endpoint, account, trial.service);
  const verdict = (status: Status, because: string, commands: readonly string[] = []): Verdict => ({ trial, status, because, commands });
  try {
    const stage = { account, ec2: lab.clients.ec2(REGION), iam: lab.clients.iam };
    const change = await trial.play(stage);
    const before = await lab.look();
    await change();
    const changes = changesBetween(before, await lab.look()).filter(({ ref }) => ref.kind === `aws.${trial.kind}`);
    if (!changes.some(({ type }) => type === trial.type)) return verdict('unverifiable', 'the endpoint does not show the change');
    const commands = inOrder(changes, before);
    if (commands.length === 0) return verdict('wrong', 'nothing is printed');
    hands.use(lab.clients);
    const ran = await runInShell(commands, { ...hands.environment(lab), ...trial.told });
    if (!ran.ok) {
      return verdict(isEndpoints(trial, ran.said) ? 'unverifiable' : 'wrong', trial.limit?.because ?? `refused: ${ran.said}`, commands);
    }
    return { ...judge(trial, before, await lab.look(), commands), commands };
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return verdict(isEndpoints(trial, said) ? 'unverifiable' : 'wrong', trial.limit?.because ?? `not played: ${said}`);
  } finally {
    lab.clients.close();
  }
}

function isEndpoints(trial: Trial, said: string): boolean {
  return NOT_EMULATED.test(said) || trial.limit?.refusal?.test(said) === true;
}

/** What must wait for something else to be undone says so in a note, and comes last. */
function inOrder(changes: readonly Change[], before: Documents): string[] {
  const undos = changes.map((change) => undoOf(change, before));
  const waits = (undo: readonly string[]) => (notesOf(undo).some((note) => note.includes(' first')) ? 1 : 0);
  return undos.sort((a, b) => waits(a) - waits(b)).flat();
}

function judge(trial: Trial, before: Documents, restored: Documents, commands: readonly string[]): Omit<Verdict, 'commands'> {
  const { differences, anew, identical } = compare(before, restored);
  const isTold = notesOf(commands).length > 0;
  const verdict = (status: Status, because: string) => ({ trial, status, because });
  if (identical && trial.lost === undefined) return verdict('restored', 'the same bytes');
  if (trial.lost !== undefined && !isTold) return verdict('wrong', `not told: ${trial.lost.because}`);
  const within = ({ kind, path }: Difference, paths: readonly string[] | undefined) =>
    (paths ?? []).some((pattern) => isWithin(`${kind}:${path}`, pattern.includes(':') ? `aws.${pattern}` : `aws.${trial.kind}:${pattern}`));
  const left = differences.filter((one) => !isAssigned(one) && !within(one, trial.lost?.paths));
  const unexplained = left.filter((one) => !within(one, trial.limit?.paths));
  if (unexplained.length > 0) {
    const where = unexplained.map(({ resource, path }) => `${resource} ${path === '' ? '(all of it)' : path}`);
    return verdict('wrong', `differs: ${where.join(', ')}`);
  }
  if (left.length > 0) return verdict('unverifiable', trial.limit?.because ?? '');
  if (trial.lost !== undefined) return verdict('told', trial.lost.because);
  if (anew.length > 0 && !isTold) return verdict('wrong', `${anew.join(', ')} has another id, and no note says so`);
  return verdict('restored', anew.length > 0 ? 'under a new id, as told' : 'but for ids and times of parts that AWS gives anew');
}

export function notesOf(commands: readonly string[]): string[] {
  return commands.filter((command) => command.startsWith('#'));
}
