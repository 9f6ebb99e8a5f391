/** Redaction of data: a value is judged by its name and place as well as by its look. */
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';
import { type Active, compilePatterns, descend, type PatternNode, rulesAt } from './patterns.ts';
import { judgeName, type NameVerdict } from './secrets/names.ts';
import { isHarmless, looksRandom } from './secrets/values.ts';

type Place = Active<'secret'>;

/** A string this short with none of these characters cannot hold a secret unless its name says so. */
const BARE = /^[\w .-]{0,15}$/;
/** Ids, addresses, times and ARNs of the clouds: most values of a snapshot. */
const KNOWN_CLEAN =
  /^(?:[a-z]{1,16}(?:-[a-z]{1,8})?-[0-9a-f]{8,17}|[\d.:/TZ+-]{1,40}|[A-Za-z]+(?:[ ._-][A-Za-z]+){0,6}|arn:aws[\w-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[a-z-]{1,24}[/:][a-z0-9-]{0,40})$/;
const NAMES_KEPT = 20_000;
const NOTHING: Place = [];

export function createJsonRedactor(mark: (secret: string) => string, text: (text: string) => string) {
  const verdicts = new Map<string, NameVerdict>();
  const trees = new Map<string, PatternNode<'secret'>>();

  const verdictOf = (name: string): NameVerdict => {
    const known = verdicts.get(name);
    if (known) return known;
    if (verdicts.size >= NAMES_KEPT) verdicts.clear();
    const verdict = judgeName(name);
    verdicts.set(name, verdict);
    return verdict;
  };

  const string = (value: string, verdict: NameVerdict): string => {
    if (verdict === 'secret' && !isHarmless(value)) return mark(value);
    if (verdict === 'maybe' && looksRandom(value)) return mark(value);
    return BARE.test(value) || KNOWN_CLEAN.test(value) ? value : text(value);
  };

  const all = (value: Json): Json => {
    if (typeof value === 'string') return value === '' || isMarked(value) ? value : mark(value);
    if (typeof value === 'number') return mark(String(value));
    if (Array.isArray(value)) return value.map(all);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, all(inner)])) : value;
  };

  const walk = (value: Json, verdict: NameVerdict, place: Place): Json => {
    if (place.length > 0 && rulesAt(place).length > 0) return all(value);
    if (typeof value === 'string') return string(value, verdict);
    if (typeof value === 'number') return verdict === 'secret' && !Number.isNaN(value) && value > 999 ? mark(String(value)) : value;
    if (Array.isArray(value)) return array(value, verdict, place);
    return isObject(value) ? object(value, place) : value;
  };

  const array = (items: readonly Json[], verdict: NameVerdict, place: Place): Json => {
    let changed: Json[] | undefined;
    for (const [index, item] of items.entries()) {
      const clean = walk(item, verdict, place.length === 0 ? NOTHING : descend(place, String(index)));
      if (clean !== item) {
        changed ??= [...items];
        changed[index] = clean;
      }
    }
    return changed ?? items;
  };

  /** Unchanged objects are shared with the input: most have no secret. */
  const object = (value: JsonObject, place: Place): Json => {
    let changed: [string, Json][] | undefined;
    const pair = namedPair(value);
    const secretData = value.kind === 'Secret' && (isObject(value.data) || isObject(value.stringData));
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (inner === undefined) continue;
      const name = pair !== undefined && key === pair.field ? pair.name : key;
      const clean =
        secretData && (key === 'data' || key === 'stringData')
          ? all(inner)
          : walk(inner, verdictOf(name), place.length === 0 ? NOTHING : descend(place, key));
      const cleanKey = BARE.test(key) || KNOWN_CLEAN.test(key) ? key : text(key);
      if (clean !== inner || cleanKey !== key) {
        changed ??= Object.entries(value);
        const at = changed.findIndex((entry) => entry[0] === key);
        if (at !== -1) changed[at] = [cleanKey, clean];
      }
    }
    return changed === undefined ? value : Object.fromEntries(changed);
  };

  return (value: Json, secretPatterns: readonly string[]): Json => {
    if (secretPatterns.length === 0) return walk(value, 'no', NOTHING);
    const id = secretPatterns.join('\n');
    let tree = trees.get(id);
    if (tree === undefined) {
      tree = compilePatterns(secretPatterns.map((path) => ({ path, rule: 'secret' as const })));
      trees.set(id, tree);
    }
    return walk(value, 'no', [tree]);
  };
}

/** `{ name: 'DB_PASSWORD', value: '…' }`, as container definitions, parameters and tags have it. */
function namedPair(value: JsonObject): { field: string; name: string } | undefined {
  const name = value.name ?? value.Name ?? value.key ?? value.Key ?? value.parameterKey ?? value.ParameterKey;
  if (typeof name !== 'string') return undefined;
  const field = ['value', 'Value', 'parameterValue', 'ParameterValue', 'stringValue'].find((candidate) => typeof value[candidate] === 'string');
  return field === undefined ? undefined : { field, name };
}

function isMarked(value: string): boolean {
  return value.startsWith('«redacted:hmac-sha256:');
}
