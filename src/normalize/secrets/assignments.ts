/** Finds `name = value` in any of its spellings (ini, env, YAML, JSON, XML, DSN, query) and takes the values of secret names. */
import { judgeName } from './names.ts';
import type { Span } from './types.ts';
import { isHarmless, looksRandom } from './values.ts';

const NAME = String.raw`(?<![\w.])(?<name>[A-Za-z_][\w.-]{1,100}(?:\[["']?[\w.-]{1,60}["']?\])?)`;
/** Also array entries `['password'] = `, JSON with escaped quotes, `=>` and `:=`. */
const ASSIGNMENT = new RegExp(String.raw`${NAME}\\?["']?[)\]]?[ \t]*(?:=>|:=|\?=|=|:)[ \t]*`, 'g');
const XML_ELEMENT = /<(?<name>[A-Za-z_][\w.:-]{1,80})(?:\s[^<>]{0,200})?>(?<value>[^<>]{1,4000})<\/\k<name>>/dg;
/** `<add key="password" value="…"/>`, `<property name=…><value>…`, `{"name": "DB_PASSWORD", "value": "…"}`, `- name: X\n  value: …`. */
const PAIR =
  /(?:\b(?:name|key|ParameterKey|Name|Key|ParameterName)\\?["']?\s*[:=]\s*\\?["']?|<(?:name|key|string)>\s*)(?<name>[A-Za-z_][\w.-]{1,100})\\?["']?(?:<\/(?:name|key)>)?\s*,?\s*(?:\\?["']?(?:value|Value|ParameterValue)\\?["']?\s*[:=]\s*|<(?:value|string)>\s*)(?:\\?"(?<double>[^"\\\n]+)|'(?<single>[^'\n]+)|(?<bare>[^\s"'<>,{[][^\n"'<>,}]*))/dg;
/** `define('DB_PASSWORD', '…')`, `{password, "…"}`. */
const LISTED = /(?:\bdefine\(\s*["']|\{\s*["']?)(?<name>[A-Za-z_][\w.-]{1,100})["']?\s*,\s*(?:"(?<double>[^"\n]+)"|'(?<single>[^'\n]+)')/dg;
const PLIST = /<key>(?<name>[^<>]{2,80})<\/key>\s*<(?:string|data)>(?<value>[^<>]{1,4000})</dg;
const TRIGGER =
  /pass|pwd|pw\b|secret|token|key|psk|cred|community|auth|kennwort|salt|cookie|signature|session|licen|seed|connection|totp|otp|pin|sas\b/i;

/** Spans of secret values in text; nothing when no name in it could announce one. */
export function assignedSecrets(text: string): Span[] {
  if (!TRIGGER.test(text)) return [];
  return [...plain(text), ...named(text, XML_ELEMENT), ...named(text, PAIR), ...named(text, PLIST), ...named(text, LISTED)];
}

function* plain(text: string): Generator<Span> {
  ASSIGNMENT.lastIndex = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    const name = match.groups?.name ?? '';
    const verdict = TRIGGER.test(name) ? judgeName(lastPart(name)) : 'no';
    // Go on right after the separator: `a = password=x` has a second name inside the first one's value.
    if (verdict === 'no' || isSegment(text, match.index, match[0])) continue;
    const found = valueFrom(text, match.index, ASSIGNMENT.lastIndex);
    if (found === undefined) continue;
    const value = text.slice(found.start, found.end);
    if (isHarmless(value) || (verdict === 'maybe' && !looksRandom(value))) continue;
    yield found;
  }
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
function valueFrom(text: string, nameAt: number, from: number): Span | undefined {
  const first = text[from];
  if (first === undefined) return undefined;
  if (first === '\\' && text[from + 1] === '"') return upTo(text, from + 2, '\\"');
  if (first === '"' || first === "'" || first === '`') return quoted(text, from + 1, first);
  const lineStart = lineStartBefore(text, nameAt);
  if (/[|>]/.test(first)) return yamlBlock(text, lineStart, from);
  if (/[\r\n[{(,;]/.test(first)) return undefined;
  const lead = text.slice(lineStart, nameAt);
  const alone = /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|set[ \t]+|ENV[ \t]+|ARG[ \t]+|Environment=)?["']?$/.test(lead);
  const comment = /^[ \t]*(?:[#;!*]|\/\/|--|dnl\b|REM\b|")/.test(lead);
  const end = lineEnd(text, from);
  if (alone) return trimmed(text, from, commentStart(text, from, end));
  const inline = new RegExp(/[^\s;,&"'`<>|)}\]\\]+/y);
  inline.lastIndex = from;
  const token = inline.exec(text)?.[0];
  if (token === undefined) return undefined;
  // Prose in a comment ("the password: must be long") is no setting: there the value is all that is left of the line.
  if (comment && text.slice(from + token.length, end).trim() !== '') return undefined;
  return { start: from, end: from + token.length };
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
