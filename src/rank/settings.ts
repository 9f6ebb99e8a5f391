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
const NAMES = ['key', 'name', 'parametername', 'attributename', 'attributetype', 'optionname', 'path'];
const VALUES = ['value', 'parametervalue', 'attributevalue'];
const ON = /^(true|on|yes|enabled?|active)$/;
const OFF = /^(false|off|no|disabled?|inactive|none)$/;
const LONGEST_STATE = 'disabled'.length;
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
  if (isObject(value)) return walkObject(value, name, depth);
  const text = String(value);
  const inner = parseInner(text);
  return inner === undefined ? [{ name, value: text, state: stateOf(text) }] : walk(inner, name, depth - 1);
}

function walkObject(object: Readonly<Record<string, unknown>>, name: string, depth: number): readonly Setting[] {
  const keys = Object.keys(object);
  const given = keys.find((key) => VALUES.includes(key.toLowerCase()));
  if (given !== undefined) {
    const called = keys.find((key) => NAMES.includes(key.toLowerCase()) && typeof object[key] === 'string');
    if (called !== undefined) return walk(object[given], join(name, nameOf(String(object[called]))), depth - 1);
    // EC2 wraps a lone value: `sourceDestCheck: { value: false }`.
    if (keys.length === 1) return walk(object[given], name, depth - 1);
  }
  return keys.flatMap((key) => walk(object[key], join(name, key.toLowerCase()), depth - 1));
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
  if (text.length > LONGEST_STATE) return '';
  const word = text.toLowerCase();
  if (ON.test(word)) return 'on';
  return OFF.test(word) ? 'off' : '';
}
