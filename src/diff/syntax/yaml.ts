/** YAML as data: scalars as written, tags kept, aliases resolved within bounds. */
import { type CST, Composer, isAlias, isMap, isNode, isScalar, isSeq, Lexer, Parser, type Scalar } from 'yaml';
import type { Json } from '../../model.ts';
import { DEEPEST } from './depth.ts';
import { NULL, objectOf, plainValue, stringValue } from './scalars.ts';

/** Nodes of one file, those behind aliases counted as often as they are named: what grows past it is read as lines. */
const MOST_NODES = 200_000;

/**
 * What some reader of YAML 1.1 or 1.2 takes for something else than a string when no quotes are around it: truth values,
 * numbers with underscores or commas, in other bases or in sixties, dates, the default `=` and the merge `<<`.
 */
const NO_STRING =
  /^(?:(?:y|yes|n|no|on|off|=|<<|[-+]?(?:0[box][\da-f_]+|\d[\d_,]*(?:\.[\d_,]*)?(?:e[-+]?[\d_]+)?|\.[\d_]+(?:e[-+]?[\d_]+)?|\d[\d_]*(?::\d\d?)+(?:\.[\d_]*)?))$|\d{4}-\d\d?-\d\d?)/i;

/** Anchors, tags and aliases in a row; a file that is valid has four at most, and each one more is an error to be told. */
const MOST_IN_A_ROW = 8;

interface Walk {
  /** By name, the last that was seen; the library's own search goes through the whole document for each alias. */
  readonly anchors: Map<string, unknown>;
  left: number;
}

/** Several documents are a list of them. Undefined for what is no YAML, or names a key twice. */
export function readYaml(text: string): Json | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  // Its own search for keys that stand twice compares each with each.
  const documents = [...new Composer({ uniqueKeys: false, logLevel: 'silent', prettyErrors: false }).compose(tokens)];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  // Directives that no document follows are no file at all.
  if (documents.length === 0 && tokens.some(({ type }) => type === 'directive')) return undefined;
  const walk: Walk = { anchors: new Map(), left: MOST_NODES };
  const values: Json[] = [];
  for (const { contents, directives } of documents) {
    walk.anchors.clear();
    const value = toJson(contents, walk);
    if (value === undefined) return undefined;
    // What `010` and `yes` are, the version decides.
    values.push(directives?.yaml.explicit === true ? { [`%YAML ${directives.yaml.version}`]: value } : value);
  }
  return values.length === 1 ? values[0] : values;
}

/**
 * Undefined for what is nested too deep, before anything calls itself once for each level: the parser, too, unwinds so. What it
 * has open, whether by brackets, indentation or `- - -`, is its stack: at most two levels each, and a document and a scalar.
 */
function tokensOf(text: string): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let inARow = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (/^[&!*]/.test(lexeme)) inARow++;
    else if (/^[^ \t\r\n]/.test(lexeme)) inARow = 0;
    if (inARow > MOST_IN_A_ROW) return undefined;
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST + 2) return undefined;
  }
  tokens.push(...parser.end());
  return tokens;
}

function toJson(node: unknown, walk: Walk): Json | undefined {
  if (walk.left-- <= 0) return undefined;
  if (node === null || node === undefined) return NULL;
  if (isAlias(node)) return walk.anchors.has(node.source) ? toJson(walk.anchors.get(node.source), walk) : undefined;
  if (!isNode(node)) return undefined;
  if ('anchor' in node && node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  const value = untagged(node, walk);
  return node.tag === undefined || value === undefined ? value : { [node.tag]: value };
}

function untagged(node: unknown, walk: Walk): Json | undefined {
  if (isScalar(node)) return scalarOf(node);
  if (isSeq(node)) return listOf(node.items, walk);
  if (!isMap(node)) return undefined;
  const members: [string, Json][] = [];
  const spelled = new Set<string>();
  for (const { key, value } of node.items) {
    // A tag makes another name of the same words.
    if (!isScalar(key) || key.tag !== undefined) return undefined;
    const told = toJson(value, walk);
    if (told === undefined) return undefined;
    members.push([nameOf(key), told]);
    spelled.add(wordsOf(key));
  }
  // To some readers `1` and `"1"` are one name, and which of the two counts depends on their order.
  return spelled.size === members.length ? objectOf(members) : undefined;
}

function listOf(items: readonly unknown[], walk: Walk): Json | undefined {
  const list: Json[] = [];
  for (const item of items) {
    const value = toJson(item, walk);
    if (value === undefined) return undefined;
    list.push(value);
  }
  return list;
}

function scalarOf(scalar: Scalar): Json {
  const { value, source, type } = scalar;
  if (value === null) return NULL;
  if (type !== 'PLAIN') return quoted(String(value));
  return typeof value === 'string' ? value : plainValue(source ?? String(value));
}

function quoted(text: string): Json {
  return NO_STRING.test(text) ? JSON.stringify(text) : stringValue(text);
}

function nameOf(key: Scalar): string {
  const words = wordsOf(key);
  return key.type === 'PLAIN' ? words : String(quoted(words));
}

function wordsOf(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}
