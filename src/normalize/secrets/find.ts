/** All secrets of a text as non-overlapping spans, from the pattern tables, the settings and what is hidden in base64. */
import { gunzipSync } from 'node:zlib';
import { assignedSecrets } from './assignments.ts';
import { COMMANDS } from './commands.ts';
import { DIRECTIVES } from './directives.ts';
import { patternsFor } from './files.ts';
import { HASHES } from './hashes.ts';
import { KEYS } from './keys.ts';
import { kubernetesSecrets } from './kubernetes.ts';
import { TOKENS } from './tokens.ts';
import type { SecretPattern, Span } from './types.ts';
import { URLS } from './urls.ts';
import { isHarmless, looksRandom } from './values.ts';

export interface Found extends Span {
  /** What to write instead of the marker of the span's own text. */
  readonly replacement?: string;
}

const TABLES: readonly SecretPattern[] = [...KEYS, ...TOKENS, ...HASHES, ...URLS, ...DIRECTIVES, ...COMMANDS];
/** Hardly any text has one of the telling words: one search for all of them spares asking for each. Short ones are in every text. */
const TELLING = (table: SecretPattern): boolean => table.words.every((word) => word.length > 2);
const RARE = TABLES.filter(TELLING);
const COMMON = TABLES.filter((table) => !TELLING(table));
const RARE_WORD = anyOf(RARE.flatMap(({ words }) => words));
/** In text decoded as latin1 the guillemets are two characters each. */
const MARKER = /\u00c2?«redacted:hmac-sha256:[0-9a-f]{12}\u00c2?»/g;
/** A word that makes a random-looking string near it suspicious. */
const CONTEXT =
  /(?:secret|passw(?:or)?d|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credential|bearer)[^\n]{0,40}?(?<![\w/+.:-])(?<secret>[A-Za-z0-9+/_-]{20,200}={0,2})(?![\w/+:.-])/dgi;
const CONTEXT_WORD = /secret|passw|token|api|access|private|credential|bearer/;
const AWS_PAIR = /(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9+/][\s\S]{0,80}?(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/dg;
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/_=-])/g;
const LONG_RUN = /[A-Za-z0-9+/]{32}/;
const LARGEST_BASE64 = 4 * 1024 * 1024;

/** `mark` writes the marker for secrets inside base64, which is encoded again around it. */
export function findSecrets(text: string, mark: (secret: string) => string, hint = '', depth = 0): readonly Found[] {
  if (text.length < 4) return [];
  const found: Found[] = [];
  const markers = text.includes('redacted:')
    ? [...text.matchAll(MARKER)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
    : [];
  const add = (start: number, end: number) => {
    if (end > start && !markers.some((marker) => start < marker.end && end > marker.start)) found.push({ start, end });
  };
  const lower = text.toLowerCase();
  for (const table of RARE_WORD.test(lower) ? TABLES : COMMON) {
    if (!table.words.some((word) => lower.includes(word))) continue;
    collect(text, table.pattern, (start, end) => {
      if (!isHarmless(text.slice(start, end)) && (table.accept?.(text.slice(start, end)) ?? true)) add(start, end);
    });
  }
  for (const { pattern } of patternsFor(hint)) collect(text, pattern, add);
  for (const span of assignedSecrets(text)) add(span.start, span.end);
  for (const span of kubernetesSecrets(text)) add(span.start, span.end);
  if (/AKIA|ASIA/.test(text)) collect(text, AWS_PAIR, (start, end) => looksRandom(text.slice(start, end)) && add(start, end));
  if (CONTEXT_WORD.test(lower)) {
    collect(text, CONTEXT, (start, end) => {
      const value = text.slice(start, end);
      if (looksRandom(value) && !/^[0-9a-f]+$/i.test(value) && !value.includes('/etc/')) add(start, end);
    });
  }
  if (depth < 2 && LONG_RUN.test(text)) found.push(...insideBase64(text, mark, depth));
  return merged(found);
}

function anyOf(words: readonly string[]): RegExp {
  return new RegExp([...new Set(words)].map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
}

function collect(text: string, pattern: RegExp, add: (start: number, end: number) => void): void {
  for (const match of text.matchAll(pattern)) {
    for (const [name, range] of Object.entries(match.indices?.groups ?? {})) {
      if (name.startsWith('secret') && range !== undefined) add(range[0], range[1]);
    }
  }
}

/** User-data, kubeconfigs and the like: base64 of text that has secrets in it. */
function insideBase64(text: string, mark: (secret: string) => string, depth: number): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(BASE64)) {
    if (match[0].length > LARGEST_BASE64) continue;
    const plain = printable(match[0]);
    if (plain === undefined) continue;
    const inner = findSecrets(plain.text, mark, '', depth + 1);
    if (inner.length === 0) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    found.push(plain.packed ? span : { ...span, replacement: Buffer.from(replaceSpans(plain.text, inner, mark)).toString('base64') });
  }
  return found;
}

/** The text with each span replaced. */
export function replaceSpans(text: string, found: readonly Found[], mark: (secret: string) => string): string {
  let out = '';
  let at = 0;
  for (const { start, end, replacement } of found) {
    out += text.slice(at, start) + (replacement ?? mark(text.slice(start, end)));
    at = end;
  }
  return out + text.slice(at);
}

/** The text behind base64 or gzip in base64; undefined when it is no text. */
function printable(base64: string): { text: string; packed: boolean } | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 16) return undefined;
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!packed && (bytes.subarray(0, 32).some((byte) => byte < 9) || bytes.toString('base64') !== padded(base64))) return undefined;
  const plain = packed ? unpacked(bytes) : bytes;
  if (plain === undefined) return undefined;
  const text = plain.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters tell data from text
  return text.includes('\ufffd') || /[\0-\x08\x0e-\x1a]/.test(text) ? undefined : { text, packed };
}

function padded(base64: string): string {
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
}

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_BASE64 });
  } catch {
    return undefined; // gzip by its first bytes only: then it is not text either
  }
}

/** Overlapping spans become one; a span with a replacement gives way to a plain one that touches it. */
function merged(found: Found[]): Found[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Found[] = [];
  for (const next of found) {
    const last = out.at(-1);
    if (last === undefined || next.start >= last.end) out.push(next);
    else if (last.start === next.start && last.end === next.end && last.replacement === undefined) continue;
    else out[out.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
  }
  return out;
}
