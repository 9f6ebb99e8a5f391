/** Reads the arguments of an aws command as the real one does, and holds them against the service's model. */
import type { Json, JsonObject } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';
import { type Operation, operations, optionName, type Shape } from './model.ts';

export interface Request {
  readonly service: string;
  readonly operation: string;
  readonly input: JsonObject;
  readonly region: string | undefined;
  readonly query: string | undefined;
}

/** The command's arguments are not what the service takes. */
export class UsageError extends Error {}

const GLOBAL = new Set(['region', 'query', 'output']);
/** Arguments of the command line alone, which never reach the API. */
const LOCAL: Readonly<Record<string, readonly string[]>> = { 'create-virtual-mfa-device': ['outfile', 'bootstrap-method'] };

export function parseCommand(argv: readonly string[]): Request {
  const [service = '', ...rest] = argv[1] === 'wait' ? [argv[0] ?? '', waited(argv[0] ?? '', argv[2] ?? ''), ...argv.slice(3)] : argv;
  const [word = '', ...words] = rest;
  const operation = operations(service)?.get(word);
  if (operation === undefined) throw new UsageError(`there is no aws ${service} ${word}`);
  const options = optionsOf(words);
  const local = LOCAL[word] ?? [];
  const taken = [...options].filter(([name]) => !GLOBAL.has(name) && !local.includes(name));
  const input = inputOf(operation, taken, `aws ${service} ${word}`);
  return { service, operation: operation.name, input, region: one(options, 'region'), query: one(options, 'query') };
}

/** What a waiter asks again and again: `subnet-available` → `describe-subnets`. */
function waited(service: string, waiter: string): string {
  const subject = waiter.slice(0, waiter.lastIndexOf('-'));
  if (operations(service)?.has(`describe-${subject}s`) !== true) throw new UsageError(`there is no aws ${service} wait ${waiter}`);
  return `describe-${subject}s`;
}

function optionsOf(words: readonly string[]): Map<string, string[]> {
  const options = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const word of words) {
    if (word.startsWith('--')) {
      const [name = '', ...inline] = word.slice(2).split('=');
      if (options.has(name)) throw new UsageError(`--${name} is told twice`);
      current = inline.length === 0 ? [] : [inline.join('=')];
      options.set(name, current);
    } else if (current === undefined) throw new UsageError(`${word} belongs to no option`);
    else current.push(word);
  }
  return options;
}

function one(options: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  return options.get(name)?.[0];
}

function inputOf(operation: Operation, options: readonly (readonly [string, readonly string[]])[], where: string): JsonObject {
  if (operation.input.type !== 'structure') {
    if (options.length > 0) throw new UsageError(`${where} takes nothing`);
    return {};
  }
  const members = [...operation.input.members()];
  const input: Record<string, Json> = {};
  for (const [option, values] of options) {
    const [member, negated] = memberFor(members, option);
    if (member === undefined) throw new UsageError(`${where} knows no --${option}`);
    const [name, shape] = member;
    input[name] = argumentValue(shape, values, negated, `${where} --${option}`);
  }
  const lacking = operation.input.required.find((name) => !(name in input));
  if (lacking !== undefined) throw new UsageError(`${where} lacks --${optionName(lacking)}`);
  return input;
}

function memberFor(members: readonly (readonly [string, Shape])[], option: string): [readonly [string, Shape] | undefined, boolean] {
  const called = (name: string) => members.find(([member]) => optionName(member) === name);
  const found = called(option);
  if (found !== undefined) return [found, false];
  // The one flag whose negation has a name of its own.
  if (option === 'ingress') return [called('egress'), true];
  return option.startsWith('no-') ? [called(option.slice('no-'.length)), true] : [undefined, false];
}

function argumentValue(shape: Shape, values: readonly string[], negated: boolean, where: string): Json {
  const wrapped = attributeValue(shape);
  if (isFlag(shape) || (wrapped !== undefined && isFlag(wrapped) && values.length === 0)) {
    if (values.length > 0) throw new UsageError(`${where} is a flag and takes no ${values[0]}`);
    return wrapped === undefined ? !negated : { Value: !negated };
  }
  if (negated) throw new UsageError(`${where} cannot be negated`);
  if (values.length === 0) throw new UsageError(`${where} has no value`);
  if (shape.type === 'list') {
    const [first = ''] = values;
    const items = /^\s*\[/.test(first) ? json(first, where) : values.map((value) => written(shape.of(), value, where));
    return fitting(shape, items, where);
  }
  if (values.length > 1) throw new UsageError(`${where} takes one value`);
  return fitting(shape, written(shape, values[0] ?? '', where), where);
}

function isFlag(shape: Shape): boolean {
  return shape.type === 'boolean';
}

/** EC2 wraps attributes: `{ Value: true }`. */
function attributeValue(shape: Shape): Shape | undefined {
  if (shape.type !== 'structure') return undefined;
  const members = shape.members();
  return members.size === 1 ? members.get('Value') : undefined;
}

/** JSON, the shorthand `Name=x,Values=a,b`, or the value itself. */
function written(shape: Shape, text: string, where: string): Json {
  if (shape.type === 'number') return Number(text);
  if (shape.type === 'boolean') return text === 'true';
  if (shape.type !== 'structure') return text;
  if (/^\s*\{/.test(text)) return json(text, where);
  return attributeValue(shape) === undefined ? shorthand(shape, text) : { Value: text };
}

function shorthand(shape: Extract<Shape, { type: 'structure' }>, text: string): JsonObject {
  const parts: string[][] = [];
  for (const piece of text.split(',')) {
    if (/^\w+=/.test(piece)) parts.push([piece]);
    else parts.at(-1)?.push(piece);
  }
  const members = shape.members();
  return Object.fromEntries(
    parts.map(([first = '', ...rest]) => {
      const at = first.indexOf('=');
      const name = first.slice(0, at);
      const member = members.get(name) ?? { type: 'string' };
      const values = [first.slice(at + 1), ...rest];
      return [name, member.type === 'list' ? values : member.type === 'number' ? Number(values[0]) : values.join(',')];
    }),
  );
}

function json(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`${where} is no JSON: ${text}`);
  }
}

/** The value itself when the service would take it. */
function fitting(shape: Shape, value: Json, where: string): Json {
  if (shape.type === 'list') {
    if (!Array.isArray(value)) throw new UsageError(`${where} must be a list`);
    return value.map((item, index) => fitting(shape.of(), item, `${where}[${index}]`));
  }
  if (shape.type === 'structure') {
    if (!isObject(value)) throw new UsageError(`${where} must be an object`);
    const members = shape.members();
    const lacking = shape.required.find((name) => !(name in value));
    if (lacking !== undefined) throw new UsageError(`${where} lacks ${lacking}`);
    for (const [name, inner] of Object.entries(value)) {
      const member = members.get(name);
      if (member === undefined) throw new UsageError(`${where} knows no ${name}`);
      fitting(member, inner, `${where}.${name}`);
    }
    return value;
  }
  if (shape.type === 'map' || shape.type === 'document') return value;
  if (typeof value !== shape.type || Number.isNaN(value))
    throw new UsageError(`${where} must be a ${shape.type}, not ${JSON.stringify(value)}`);
  return value;
}
