/** A request as settings with a name and a value, however a service writes them down, so that one rule reads them all. */
import { isObject } from '../pointer.ts';

export interface Setting {
  /** Lower case and dotted; places in lists are left out: `domainendpointoptions.enforcehttps`. */
  readonly name: string;
  readonly value: string;
  /** Words for yes and no in one spelling; '' for any other value. */
  readonly state: 'on' | 'off' | '';
}

/** Services name the two halves of a pair differently: `{ key, value }`, `{ name, value }`, `{ parameterName, parameterValue }`, a patch's `{ path, value }`. */
const NAMES = ['key', 'name', 'parametername', 'attributename', 'path'];
const VALUES = ['value', 'parametervalue', 'attributevalue'];
const ON = /^(true|on|yes|enabled?|active)$/;
const OFF = /^(false|off|no|disabled?|inactive|none)$/;
/** Requests are bounded by CloudTrail; text in them that is JSON itself is read once, not over and over. */
const DEPTH = 12;

/** Many rules ask for the settings of one request. */
const read = new WeakMap<object, readonly Setting[]>();

/** Every scalar of a request as a setting; empty objects and lists are none. JSON within text is read as what it says. */
export function settings(value: unknown): readonly Setting[] {
  if (!isObject(value)) return walk(value, '', DEPTH);
  const known = read.get(value) ?? walk(value, '', DEPTH);
  read.set(value, known);
  return known;
}

/** The settings of a part whose place is told: segments of a pointer, such as an edit has. */
export function settingsAt(segments: readonly string[], value: unknown): readonly Setting[] {
  return walk(value, segments.join('.').toLowerCase(), DEPTH);
}

function walk(value: unknown, name: string, depth: number): readonly Setting[] {
  if (depth === 0 || value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => walk(one, name, depth - 1));
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => [key.toLowerCase(), member] as const);
    const called = members.find(([key, member]) => NAMES.includes(key) && typeof member === 'string');
    const given = members.find(([key]) => VALUES.includes(key));
    if (called !== undefined && given !== undefined) return walk(given[1], join(name, nameOf(String(called[1]))), depth - 1);
    // EC2 wraps a lone value: `sourceDestCheck: { value: false }`.
    if (members.length === 1 && given !== undefined) return walk(given[1], name, depth - 1);
    return members.flatMap(([key, member]) => walk(member, join(name, key), depth - 1));
  }
  const text = String(value);
  const inner = parseInner(text);
  return inner === undefined ? [{ name, value: text, state: stateOf(text) }] : walk(inner, name, depth - 1);
}

const join = (before: string, name: string): string => (before === '' ? name : `${before}.${name}`);

/** `/settings/authorizationType` of a patch and `rds.force_ssl` of a database alike. */
function nameOf(written: string): string {
  return written.toLowerCase().replace(/^\//, '').replaceAll('/', '.');
}

function parseInner(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Text that only begins like JSON, or was cut off: it stays text.
    return undefined;
  }
}

function stateOf(text: string): Setting['state'] {
  const word = text.toLowerCase();
  if (ON.test(word)) return 'on';
  return OFF.test(word) ? 'off' : '';
}
