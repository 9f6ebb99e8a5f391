/** aws command lines for people to paste: every argument quoted for a POSIX shell, the region named. */
import type { Json, Ref } from 'drifttrail';

/** A shell expression written as it stands, such as `"$id"`; only ever from our own text. */
export interface Expression {
  readonly shell: string;
}

/** `true` is `--flag`, `false` is `--no-flag`, undefined leaves the option out, objects are written as JSON. */
export type Argument = string | number | boolean | undefined | readonly string[] | Expression | { readonly json: Json };

export type Cli = (words: string, args?: Readonly<Record<string, Argument>>) => string;

/** The id of a thing that the command before it made: see `capture`. */
export const NEW_ID: Expression = { shell: '"$id"' };

export function quote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Commands for the account and region of a resource: `cliFor(ref)('ec2 delete-vpc', { 'vpc-id': ref.id })`. */
export function cliFor(ref: Ref): Cli {
  const region = ref.scope.split('/')[2];
  const tail = region === undefined || region === 'global' ? [] : ['--region', quote(region)];
  return (words, args = {}) => ['aws', words, ...Object.entries(args).flatMap(([name, value]) => written(name, value)), ...tail].join(' ');
}

/** Keeps what a command printed as `$id`, for the commands after it. */
export function capture(command: string, query: string): string {
  return `id=$(${command} --query ${quote(query)} --output text)`;
}

/** The command's output as one argument of another. */
export function output(command: string, query: string): Expression {
  return { shell: `"$(${command} --query ${quote(query)} --output text)"` };
}

function written(name: string, value: Argument): string[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  if (typeof value === 'string' || typeof value === 'number') {
    // A value that begins with a dash must not be taken for an option.
    const text = String(value);
    return text.startsWith('-') ? [`--${name}=${quote(text)}`] : [`--${name}`, quote(text)];
  }
  if ('shell' in value) return [`--${name}`, value.shell];
  if ('json' in value) return [`--${name}`, quote(JSON.stringify(value.json))];
  return value.length === 0 ? [] : [`--${name}`, ...value.map(quote)];
}
