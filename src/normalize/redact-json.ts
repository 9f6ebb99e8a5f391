/** Redaction of data: a value is judged by its name and place as well as by its look. */
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';
import { compilePatterns, descend, type Place } from './patterns.ts';
import { judgeName, type NameVerdict } from './secrets/names.ts';
import { isHarmless, looksRandom } from './secrets/values.ts';

/** Where a walk stands among the patterns of secret values; undefined where none goes on. */
type Where = Place<'secret'> | undefined;

/** What the tables look for in words; anything else that they find is long and mixed. */
const TELLTALE =
  /[=$@{}<>\n]|pass|pwd|pw |secret|token|key|cred|communit|auth|psk|bearer|cookie|identified|curl|createuser|com2sec|login|redis-cli|ldap|sql|bcp|smb|rpcclient|winexe|rabbitmqctl|zip |7z|\brar\b|snmp|openssl|mongo|mosquitto|cqlsh|nodetool|ipmi|rdp|rdesktop|ftp|net user|user(add|mod)|nmcli|echo |setenv/i;
const LONG = /[\w.~+/-]{20}/;
const CAPITAL = /[A-Z]/;
const LONG_HEX = /(?<![0-9a-f])[0-9a-f]{20}/;
const ARN = /^arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[\w:/.+,*-]{1,300}$/;

/** IAM's own ids of users, roles and keys, and the sessions of machines: long and mixed, and no secrets. */
const UNIQUE_ID = /^A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16,17}(?::i-[0-9a-f]{8,17})?$/;

/** Most values of a snapshot are ids, addresses, words and ARNs: they are told apart here, at a tenth of the price. */
function isBare(value: string): boolean {
  if (value.startsWith('arn:aws')) return ARN.test(value);
  if (TELLTALE.test(value)) return false;
  return value.length < 20 || !LONG.test(value) || !(CAPITAL.test(value) || LONG_HEX.test(value)) || UNIQUE_ID.test(value);
}

const NAMES_KEPT = 20_000;

export function createJsonRedactor(mark: (secret: string) => string, text: (text: string) => string) {
  const names = new Map<string, { verdict: NameVerdict; clean: string }>();
  const trees = new Map<string, Place<'secret'>>();

  /** Names repeat from resource to resource: each is judged, and itself searched for secrets, once. */
  const judged = (name: string) => {
    const known = names.get(name);
    if (known) return known;
    if (names.size >= NAMES_KEPT) names.clear();
    const fresh = { verdict: judgeName(name), clean: isBare(name) ? name : text(name) };
    names.set(name, fresh);
    return fresh;
  };

  const string = (value: string, verdict: NameVerdict): string => {
    if (verdict === 'secret' && !isHarmless(value)) return mark(value);
    if (verdict === 'maybe' && looksRandom(value)) return mark(value);
    return isBare(value) ? value : text(value);
  };

  const all = (value: Json): Json => {
    if (typeof value === 'string') return value === '' || isMarked(value) ? value : mark(value);
    if (typeof value === 'number') return mark(String(value));
    if (Array.isArray(value)) return value.map(all);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, all(inner)])) : value;
  };

  const walk = (value: Json, verdict: NameVerdict, place: Where): Json => {
    if (place !== undefined && place.rules.length > 0) return all(value);
    if (typeof value === 'string') return string(value, verdict);
    if (typeof value === 'number') return verdict === 'secret' && !Number.isNaN(value) && value > 999 ? mark(String(value)) : value;
    if (Array.isArray(value)) return array(value, verdict, place);
    return isObject(value) ? object(value, place) : value;
  };

  const array = (items: readonly Json[], verdict: NameVerdict, place: Where): Json => {
    let changed: Json[] | undefined;
    for (const [index, item] of items.entries()) {
      const clean = walk(item, verdict, place && descend(place, String(index)));
      if (clean !== item) {
        changed ??= [...items];
        changed[index] = clean;
      }
    }
    return changed ?? items;
  };

  /** Unchanged objects are shared with the input: most have no secret. */
  const object = (value: JsonObject, place: Where): Json => {
    let changed: [string, Json][] | undefined;
    const secretData = value.kind === 'Secret' && (isObject(value.data) || isObject(value.stringData));
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (inner === undefined) continue;
      const { verdict, clean: cleanKey } = judged(key);
      const clean =
        secretData && (key === 'data' || key === 'stringData')
          ? all(inner)
          : walk(inner, VALUE_FIELDS.has(key) ? judged(nameBeside(value) ?? key).verdict : verdict, place && descend(place, key));
      if (clean !== inner || cleanKey !== key) {
        changed ??= Object.entries(value);
        const at = changed.findIndex((entry) => entry[0] === key);
        if (at !== -1) changed[at] = [cleanKey, clean];
      }
    }
    return changed === undefined ? value : Object.fromEntries(changed);
  };

  return (value: Json, secretPatterns: readonly string[]): Json => {
    if (secretPatterns.length === 0) return walk(value, 'no', undefined);
    const id = secretPatterns.join('\n');
    let tree = trees.get(id);
    if (tree === undefined) {
      tree = compilePatterns(secretPatterns.map((path) => ({ path, rule: 'secret' as const })));
      trees.set(id, tree);
    }
    return walk(value, 'no', tree);
  };
}

const NAME_FIELDS = ['name', 'Name', 'key', 'Key', 'parameterKey', 'ParameterKey'];
const VALUE_FIELDS: ReadonlySet<string> = new Set(['value', 'Value', 'parameterValue', 'ParameterValue', 'stringValue']);

/** `{ name: 'DB_PASSWORD', value: '…' }`, as container definitions, parameters and tags have it. */
function nameBeside(pair: JsonObject): string | undefined {
  return NAME_FIELDS.map((candidate) => pair[candidate]).find((candidate) => typeof candidate === 'string');
}

function isMarked(value: string): boolean {
  return value.startsWith('«redacted:hmac-sha256:');
}
