/** Reads one host: asks, runs the exporter over the answers, and asks again for what turned out to be needed. */
import { randomBytes } from 'node:crypto';
import type { CollectContext, Gap, Resource } from 'drifttrail';
import { collectSource } from '../collect.ts';
import type { HostContext } from '../context.ts';
import { isWanted } from '../facts/fact.ts';
import { FACTS } from '../facts/index.ts';
import type { HostOptions } from '../options.ts';
import type { Source } from '../source.ts';
import { type Answers, noAnswers, Unanswered } from './answers.ts';
import { readFrames } from './frames.ts';
import { line, programOf } from './request.ts';
import { linesOf } from './selection.ts';
import { createAskingSource, createToldSource } from './source.ts';
import type { Told } from '../../_ssh/fleet.ts';
import { lastLine, type Login, overSsh, Refused, type SshSettings } from '../../_ssh/ssh.ts';

export interface Host extends Login {
  readonly name: string;
  readonly sudo: boolean;
  readonly options: HostContext['options'];
}

export interface Reading extends Told {
  /** How often the host was asked. */
  readonly rounds: number;
}

type Surroundings = Pick<CollectContext<HostOptions>, 'spawn' | 'signal' | 'env' | 'now'>;

/**
 * The first question holds what the facts ask of a host that has nothing, and what they say to need beyond (`ahead`):
 * on nearly every host that is all. A link that leads elsewhere, an include, a setting: the next question.
 */
const ROUNDS = 4;

/** Throws Refused when the host does not let us in, or not to the end, within `deadline` seconds. */
export async function readHost(context: Surroundings, host: Host, settings: SshSettings, deadline: number): Promise<Reading> {
  const scope = `hosts/${host.name}`;
  const until = context.now().getTime() + deadline * 1000;
  const answers = noAnswers();
  for (let rounds = 0; ; rounds++) {
    const asking = createAskingSource(answers, context);
    const reading = await drain(host, asking.source, scope, rounds);
    const wants = asking.wants().map(line);
    if (rounds > 0 && wants.length === 0) return reading;
    if (rounds === ROUNDS) return await drain(host, createToldSource(answers, context), scope, rounds);
    await ask(context, host, settings, { lines: rounds === 0 ? [...ahead(host), ...wants] : wants, answers, until, deadline });
  }
}

function ahead({ options }: Host): string[] {
  const { files, facts } = options;
  const wanted = FACTS.filter((fact) => isWanted(fact, facts));
  return [...linesOf(files), ...wanted.flatMap((fact) => (fact.ahead === undefined ? [] : [fact.ahead]))];
}

async function drain(host: Host, source: Source, scope: string, rounds: number): Promise<Reading> {
  const kinds: string[] = [];
  const gaps: Gap[] = [];
  const resources: Resource[] = [];
  let identity: string | undefined;
  const context: HostContext = {
    options: host.options,
    signal: source.signal,
    complete: (_, kind) => kinds.push(kind),
    gap: (gap) => gaps.push(gap),
    identity: (_, found) => {
      identity = found;
    },
  };
  for await (const resource of collectSource(context, source, scope)) resources.push(resource);
  return { resources, kinds, gaps, identity, rounds };
}

interface Question {
  readonly lines: readonly string[];
  readonly answers: Answers;
  readonly until: number;
  readonly deadline: number;
}

/** The shell there reads its program from us. */
export function commandOf({ sudo }: Host): string[] {
  return sudo ? ['sudo', '-n', '/bin/sh', '-s'] : ['/bin/sh', '-s'];
}

async function ask(context: Surroundings, host: Host, settings: SshSettings, { lines, answers, until, deadline }: Question): Promise<void> {
  const mark = randomBytes(16).toString('hex');
  const input = programOf({ mark, limits: host.options, lines });
  const { code, stdout, stderr } = await overSsh(context, host, settings, { command: commandOf(host), input, until, deadline });
  try {
    readFrames(stdout, mark, answers);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw unanswered(error, host, code, lastLine(stderr));
  }
}

function unanswered({ how }: Unanswered, host: Host, code: number, said: string): Refused {
  if (how === 'cut') return new Refused('truncated', 'the connection was cut in the middle of the answer; nothing of it counts');
  if (how === 'garbled') return new Refused('invalid', 'something else spoke in the middle of the answer; nothing of it counts');
  const words = said === '' ? `exit code ${code}` : said;
  if (host.sudo && /sudo|password|not allowed|may not run/i.test(said)) {
    const remedy = `let ${host.user ?? 'the user'} run it: ${host.user ?? 'USER'} ALL=(root) NOPASSWD: /bin/sh -s`;
    return new Refused('denied', `sudo refused (${words}); ${remedy}; or sudo: false`);
  }
  return new Refused('invalid', `its /bin/sh did not run what was sent (${words}); a forced command or a login script may be in the way`);
}
