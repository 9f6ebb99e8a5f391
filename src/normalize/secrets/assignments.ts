/** Finds `name = value` in any of its spellings (ini, env, YAML, JSON, XML, DSN, query) and takes the values of secret names. */
import { judgeName } from './names.ts';
import type { Span } from './types.ts';
import { isHarmless, looksRandom } from './values.ts';

const NAME = String.raw`(?<![\w.])(?<name>[A-Za-z_][\w.-]{1,100}(?:\[["']?[\w.-]{1,60}["']?\])?)`;
/** Also array entries `['password'] = `, JSON with escaped quotes, `=>` and `:=`. */
const ASSIGNMENT = new RegExp(String.raw`${NAME}\\?["']?[)\]]?[ \t]*(?:=>|:=|\?=|=|:)[ \t]*`, 'g');
const XML_ELEMENT = /<(?<name>[A-Za-z_][\w.:-]{1,80})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?(?<value>[^<>]{1,4000}?)(?:\]\]>)?<\/\k<name>>/dg;
/** `<add key="password" value="…"/>`, `<property name=…><value>…`, `{"name": "DB_PASSWORD", "value": "…"}`, `- name: X\n  value: …`. */
const PAIR =
  /(?:\b(?:name|key|ParameterKey|Name|Key|ParameterName)\\?["']?\s*[:=]\s*\\?["']?|<(?:name|key|string)>\s*)(?<name>[A-Za-z_][\w.-]{1,100})\\?["']?(?:<\/(?:name|key)>)?\s*,?\s*(?:\\?["']?(?:value|Value|ParameterValue)\\?["']?\s*[:=]\s*|<(?:value|string)>\s*)(?:\\?"(?<double>[^"\\\n]+)|'(?<single>[^'\n]+)|(?<bare>[^\s"'<>,{[][^\n"'<>,}]*))/dg;
/** The same with the value first, as many serialisers sort. */
const PAIR_TURNED =
  /\\?"(?:value|Value|ParameterValue)\\?"\s*:\s*\\?"(?<value>[^"\\\n]+)\\?"\s*,\s*\\?"(?:name|Name|key|Key|ParameterKey)\\?"\s*:\s*\\?"(?<name>[A-Za-z_][\w.-]{1,100})\\?"/dg;
/** `<entry key="jdbc.password">…</entry>` */
const XML_KEYED = /<\w+[^<>]{0,100}?\b(?:key|name|id)=["'](?<name>[A-Za-z_][\w.-]{1,100})["'][^<>]{0,100}>(?<value>[^<>]{1,4000})<\//dg;
/** `define('DB_PASSWORD', '…')`, `{password, "…"}`. */
const LISTED = /(?:\bdefine\(\s*["']|\{\s*["']?)(?<name>[A-Za-z_][\w.-]{1,100})["']?\s*,\s*(?:"(?<double>[^"\n]+)"|'(?<single>[^'\n]+)')/dg;
const PLIST = /<key>(?<name>[^<>]{2,80})<\/key>\s*<(?:string|data)>(?<value>[^<>]{1,4000})</dg;
/** Without a sign between: `setenv NAME value`, and a property that stands alone on its line. */
const SPACED =
  /(?:\bsetenv[ \t]+|\bset[ \t]+-\w+[ \t]+|^[ \t]*(?=[\w-]+[._]))(?<name>[A-Za-z_][\w.-]{1,100})[ \t]+(?:"(?<double>[^"\n]+)"|'(?<single>[^'\n]+)'|(?<bare>[^\s"'=:]\S*))[ \t]*;?$/dgm;
const TRIGGER =
  /pass|pat\b|pwd|pw\b|secret|token|key|psk|cred|community|auth|kennwort|salt|cookie|signature|session|licen|seed|connection|totp|otp|pin|sas\b/i;

/** Spans of secret values in text; nothing when no name in it could announce one. */
export function assignedSecrets(text: string): Span[] {
  if (!TRIGGER.test(text)) return [];
  return [
    ...plain(text),
    ...named(text, XML_ELEMENT),
    ...named(text, PAIR),
    ...named(text, PLIST),
    ...named(text, LISTED),
    ...named(text, SPACED),
    ...named(text, PAIR_TURNED),
    ...named(text, XML_KEYED),
  ];
}

function* plain(text: string): Generator<Span> {
  ASSIGNMENT.lastIndex = 0;
  const word: Word = { start: 0, end: 0 };
  let hidden = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    const name = match.groups?.name ?? '';
    const verdict = TRIGGER.test(name) ? judgeName(lastPart(name)) : 'no';
    // Go on right after the separator: `a = password=x` has a second name inside the first one's value.
    if (verdict === 'no' || isSegment(text, match.index, match[0])) continue;
    const found = valueFrom(text, match.index, ASSIGNMENT.lastIndex, word);
    // Inside a value that is hidden already there is nothing left to hide.
    if (found === undefined || found.end <= hidden || !isSecretValue(text, found, verdict)) continue;
    hidden = found.end;
    yield found;
  }
}

/** What is longer than any reference, path or generated key is not looked at for being one. */
function isSecretValue(text: string, { start, end }: Span, verdict: 'secret' | 'maybe'): boolean {
  if (end - start > WINDOW) return verdict === 'secret';
  const value = text.slice(start, end);
  return verdict === 'secret' ? !isHarmless(value) : looksRandom(value);
}

function* named(text: string, pattern: RegExp): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const { name = '' } = match.groups ?? {};
    const verdict = TRIGGER.test(name) ? judgeName(lastPart(name)) : 'no';
    if (verdict === 'no') continue;
    const groups = match.indices?.groups ?? {};
    const range = groups.value ?? groups.double ?? groups.single ?? groups.bare;
    if (range === undefined) continue;
    const found = trimmed(text, range[0], range[1]);
    const value = text.slice(found.start, found.end);
    if (isHarmless(value) || value.startsWith('{') || (verdict === 'maybe' && !looksRandom(value))) continue;
    yield found;
  }
}

/** `arn:aws:secretsmanager:…:secret:prod/db` assigns nothing. */
function isSegment(text: string, at: number, assignment: string): boolean {
  return text[at - 1] === ':' && assignment.endsWith(':');
}

/** `$db['default']['password']` and `spring.datasource.password` are judged by their last part. */
function lastPart(name: string): string {
  return name.replace(/["'\]]+$/, '').replace(/^.*[["']/, '');
}

/** Where the value that begins at `from` ends: a quote, a block of YAML, the line, or the next delimiter. */
function valueFrom(text: string, nameAt: number, from: number, word: Word): Span | undefined {
  const first = text[from];
  if (first === undefined) return undefined;
  if (first === '\\' && text[from + 1] === '"') return upTo(text, from + 2, '\\"');
  const fence = /^(?:"""|''')/.exec(text.slice(from, from + 3))?.[0];
  if (fence !== undefined) return fenced(text, from + 3, fence);
  const entity = /^&(?:quot|apos|#3[49]);/.exec(text.slice(from, from + 6))?.[0];
  if (entity !== undefined) return upTo(text, from + entity.length, entity);
  if (first === '\\' || first === '\r' || first === '\n') return below(text, lineStartBefore(text, nameAt), from);
  if (first === '"' || first === "'" || first === '`') return quoted(text, from + 1, first);
  const lineStart = lineStartBefore(text, nameAt);
  if (/[|>]/.test(first)) return yamlBlock(text, lineStart, from);
  if (/[[{(,;]/.test(first)) return undefined;
  const lead = text.slice(lineStart, nameAt);
  const alone = /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|set[ \t]+|ENV[ \t]+|ARG[ \t]+|Environment=)?["']?$/.test(lead);
  const comment = /^[ \t]*(?:[#;!*]|\/\/|--|dnl\b|REM\b|")/.test(lead);
  const end = lineEnd(text, from);
  if (alone) return trimmed(text, from, commentStart(text, from, end));
  const wordEnd = endOfWord(text, from, word);
  if (wordEnd === from) return undefined;
  // Prose in a comment ("the password: must be long") is no setting: there the value is all that is left of the line.
  if (comment && text.slice(wordEnd, end).trim() !== '') return undefined;
  return { start: from, end: wordEnd };
}

const WORD = /[^\s;,&"'`<>|)}\]\\]*/y;

/** The word looked at last: in `password=password=…` every value ends where the first one does. */
interface Word {
  start: number;
  end: number;
}

function endOfWord(text: string, from: number, word: Word): number {
  if (from >= word.start && from < word.end) return word.end;
  WORD.lastIndex = from;
  word.start = from;
  word.end = from + (WORD.exec(text)?.[0].length ?? 0);
  return word.end;
}

function quoted(text: string, from: number, quote: string): Span | undefined {
  for (let index = from; index < text.length && index < from + 20_000; index++) {
    const character = text[index];
    if (character === '\\') index++;
    else if (character === quote) return index === from ? undefined : { start: from, end: index };
    else if (character === '\n' && index - from > 4000) return undefined;
  }
  return { start: from, end: lineEnd(text, from) };
}

/** TOML's and Python's strings of several lines. */
function fenced(text: string, from: number, fence: string): Span | undefined {
  const end = text.indexOf(fence, from);
  return end <= from || end > from + 20_000 ? undefined : trimmed(text, from, end);
}

/** A value that alone makes the next line: more deeply indented than its YAML key, or after a properties file's `\\`. */
function below(text: string, lineStart: number, from: number): Span | undefined {
  const next = /^(?<sign>\\?)[ \t]*\r?\n(?<indent>[ \t]+)(?<value>[^\s#()[\]{}"'`-][^\s:()[\]{}"'`]{5,200})[ \t]*\r?(?:\n|$)/.exec(
    text.slice(from, from + WINDOW),
  );
  const { sign = '', indent = '', value = '' } = next?.groups ?? {};
  const own = /^[ \t]*/.exec(text.slice(lineStart, from))?.[0].length ?? 0;
  // Words alone are rather a program's next statement.
  if (next === null || !/\d/.test(value) || (sign === '' && indent.length <= own)) return undefined;
  const start = from + next[0].lastIndexOf(value);
  return { start, end: start + value.length };
}

function upTo(text: string, from: number, mark: string): Span | undefined {
  const end = text.indexOf(mark, from);
  return end <= from || end > lineEnd(text, from) ? undefined : { start: from, end };
}

/** `password: |` and the more deeply indented lines under it. */
function yamlBlock(text: string, lineStart: number, from: number): Span | undefined {
  if (!/^[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/.test(text.slice(from, lineEnd(text, from)))) return undefined;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, from))?.[0].length ?? 0;
  let end = lineEnd(text, from);
  const start = end + 1;
  while (end < text.length) {
    const next = lineEnd(text, end + 1);
    const line = text.slice(end + 1, next);
    if (line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) <= indent) break;
    end = next;
  }
  return end <= start ? undefined : trimmed(text, start, end);
}

/** Lines are looked at through a window: a file of one endless line must not cost its length squared. */
const WINDOW = 4000;

function lineStartBefore(text: string, at: number): number {
  const from = Math.max(0, at - 300);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from, from + WINDOW).indexOf('\n');
  return end === -1 ? Math.min(text.length, from + WINDOW) : from + end;
}

function commentStart(text: string, from: number, end: number): number {
  const at = text.slice(from, end).search(/[ \t]+(?:#|;|\/\/)/);
  return at === -1 ? end : from + at;
}

function trimmed(text: string, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text[start] ?? '')) start++;
  while (end > start && /[\s,;]/.test(text[end - 1] ?? '')) end--;
  if (/["']/.test(text[end - 1] ?? '') && text[start] !== text[end - 1]) end--;
  return { start, end };
}
