/** aws command lines for people to paste: every argument quoted for a POSIX shell, the region named. */
import type { Json, Ref } from 'drifttrail';
import { quote, UNSEEN } from '../_shell/words.ts';

/** A shell expression written as it stands, such as `"${vpc_id:?}"`; only ever from our own text. */
export interface Expression {
  readonly shell: string;
}

/** `true` is `--flag`, `false` is `--no-flag`, undefined leaves the option out, objects are written as JSON. */
export type Argument = string | number | boolean | undefined | readonly string[] | Expression | { readonly json: Json };

export interface Cli {
  /** `cli('ec2 delete-vpc', { 'vpc-id': id })`, in the resource's region. */
  (words: string, args?: Readonly<Record<string, Argument>>): string;
  /** Keeps the id that a creating command prints, for the commands after it. */
  readonly capture: (command: string, query: string) => string;
  /** That id. When the creation failed, the shell says so and does not run the command. */
  readonly newId: Expression;
}

/** Commands for one resource. Where it is made anew, its old id stands for the new one wherever an argument names it. */
export function cliFor(ref: Ref, how: 'as it is' | 'made anew' = 'as it is'): Cli {
  const region = ref.scope.split('/')[2];
  const variable = `${(ref.kind.split('.').at(-1) ?? '').replaceAll('-', '_')}_id`;
  const newId = given(variable);
  const word = how === 'made anew' ? replacing(ref.id, newId.shell) : quote;
  const tail = region === undefined || region === 'global' ? [] : ['--region', quote(region)];
  const command = (words: string, args: Readonly<Record<string, Argument>> = {}) =>
    ['aws', words, ...Object.entries(args).flatMap(([name, value]) => written(name, value, word)), ...tail].join(' ');
  return Object.assign(command, {
    newId,
    capture: (creating: string, query: string) => `${variable}=$(${creating} --query ${quote(query)} --output text)`,
  });
}

/** JSON in which what cannot be seen is escaped. */
function jsonText(value: Json): string {
  const escaped = (unseen: string) =>
    Array.from({ length: unseen.length }, (_, at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value).replaceAll(UNSEEN, escaped);
}

/** What somebody or an earlier command must have set; until then the shell refuses the command. */
export function given(variable: string): Expression {
  return { shell: `"\${${variable}:?}"` };
}

/** The command's output as one argument of another. */
export function output(command: string, query: string): Expression {
  return { shell: `"$(${command} --query ${quote(query)} --output text)"` };
}

/** Asks every five seconds, for ten minutes, until the answer is the wanted one: what follows would be refused before. */
export function waitUntil(asking: string, query: string, wanted: string): string {
  return `for _ in $(seq 120); do [ "$(${asking} --query ${quote(query)} --output text)" = ${quote(wanted)} ] && break; sleep 5; done`;
}

/** Quotes a text in which an id, as a word of its own, is replaced by a shell expression. */
function replacing(id: string, expression: string): (text: string) => string {
  const escaped = id.replaceAll(/[^A-Za-z0-9-]/g, '\\$&');
  const whole = new RegExp(`(?<![A-Za-z0-9-])${escaped}(?![A-Za-z0-9-])`);
  return (text) => {
    const parts = text.split(whole);
    return parts.length === 1 ? quote(text) : parts.map((part) => (part === '' ? '' : quote(part))).join(expression);
  };
}

function written(name: string, value: Argument, word: (text: string) => string): string[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  if (typeof value === 'string' || typeof value === 'number') {
    // A value that begins with a dash must not be taken for an option.
    const text = String(value);
    return text.startsWith('-') ? [`--${name}=${word(text)}`] : [`--${name}`, word(text)];
  }
  if ('shell' in value) return [`--${name}`, value.shell];
  if ('json' in value) return [`--${name}`, word(jsonText(value.json))];
  return value.length === 0 ? [] : [`--${name}`, ...value.map(word)];
}
