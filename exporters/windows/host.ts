/** Reads one machine: one log-in, one program, one answer; a section that it could not tell is a gap of that kind. */
import { randomBytes } from 'node:crypto';
import type { CollectContext, Gap, Resource } from 'drifttrail';
import { neutraliseLine } from 'drifttrail';
import type { Told as Reading } from '../_ssh/fleet.ts';
import { type Login, lastLine, overSsh, Refused, type SshSettings } from '../_ssh/ssh.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { WindowsOptions } from './options.ts';
import { COMMAND, programOf } from './program.ts';
import { SECTIONS } from './sections/index.ts';
import { Unusable } from './sections/section.ts';

export interface Host extends Login {
  readonly name: string;
}

type Surroundings = Pick<CollectContext<WindowsOptions>, 'spawn' | 'signal' | 'env' | 'now'>;

/** Throws Refused when the machine does not let us in, or not to the end, within the deadline. */
export async function readHost(context: Surroundings, host: Host, settings: SshSettings, options: WindowsOptions): Promise<Reading> {
  const sections = SECTIONS.map(({ word }) => word).filter((word) => !options.without.includes(word));
  const answer = await askHost(context, host, settings, { ...options, sections });
  const scope = `hosts/${host.name}`;
  const gaps: Gap[] = [];
  const kinds: string[] = [];
  const resources: Resource[] = [];
  for (const { word, read } of SECTIONS.filter((section) => sections.includes(section.word))) {
    const kind = `windows.${word}`;
    const told = answer.sections.get(word);
    if (told === undefined) {
      gaps.push({ scope, kind, reason: 'truncated', detail: 'the machine said nothing of it' });
      continue;
    }
    if ('error' in told) {
      gaps.push({ scope, kind, ...refused(told, word) });
      continue;
    }
    try {
      const { items, problems = [] } = read(told.rows);
      resources.push(
        ...items.map(({ id, name, config }) => ({ ref: { scope, kind, id }, config, ...(name === undefined ? {} : { name }) })),
      );
      gaps.push(...problems.map((problem) => ({ scope, kind, ...problem, partial: true })));
      kinds.push(...(problems.length === 0 ? [kind] : []));
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      gaps.push({ scope, kind, reason: 'invalid', detail: error.message });
    }
  }
  return { resources, kinds, gaps, identity: answer.machine === '' ? undefined : answer.machine };
}

function refused({ error, denied }: { readonly error: string; readonly denied: boolean }, word: string): Pick<Gap, 'reason' | 'detail'> {
  const said = lastLine(error.replaceAll(/[\r\n]+/g, ' '));
  if (denied) return { reason: 'denied', detail: `${said}; log in as an administrator, or leave it out with without: [${word}]` };
  return { reason: 'invalid', detail: `${said}; without: [${word}] leaves it out` };
}

type Asked = Omit<Parameters<typeof programOf>[0], 'mark'> & Pick<WindowsOptions, 'deadline'>;

export async function askHost(context: Surroundings, host: Host, settings: SshSettings, asked: Asked): Promise<Answer> {
  const mark = randomBytes(16).toString('hex');
  const { deadline } = asked;
  const until = context.now().getTime() + deadline * 1000;
  const input = programOf({ ...asked, mark });
  const { code, stdout, stderr } = await overSsh(context, host, settings, { command: COMMAND, input, until, deadline });
  if (stdout.includes(`${mark} `)) return readAnswer(stdout.toString('utf8'), mark);
  throw new Refused('invalid', notRun(code, stdout.toString('utf8'), stderr));
}

function notRun(code: number, stdout: string, stderr: string): string {
  const said = lastLine(withoutMarkup(stderr)) || lastLine(stdout);
  const words = neutraliseLine(said === '' ? `exit code ${code}` : said);
  if (/language mode|Cannot create type|Method invocation is supported only on core types/i.test(stderr))
    return `its PowerShell is in constrained language mode and did not run what was sent (${words})`;
  if (/not recognized|not found|No such file/i.test(said))
    return `it has no powershell.exe (${words}); a machine with another system is read with use: host`;
  return `its PowerShell did not run what was sent (${words})`;
}

/** With -EncodedCommand, errors may come as XML: their texts stand in elements of their own. */
function withoutMarkup(stderr: string): string {
  if (!stderr.includes('#< CLIXML')) return stderr;
  return [...stderr.matchAll(/<S S="Error">([^<]*)<\/S>/g)].map(([, text = '']) => text.replaceAll('_x000D__x000A_', '\n')).join('');
}
