/** XML as data: elements under their names, or under the attribute that tells them apart; order and texts kept. */
import { createRequire } from 'node:module';
import type { Json } from '../../model.ts';

/** Loaded when the first such file is read: it stands outside of the bundle, and most commands diff none. */
const parserModule = (): typeof import('saxes') => createRequire(import.meta.url)('saxes') as typeof import('saxes');

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: (Element | string)[];
}

/** What elements of one name are told apart by, the first that there is. */
const IDENTITY = ['key', 'name', 'id', 'xml:id', 'path'];

/** Deeper ones are read as lines. */
const DEEPEST = 100;

/**
 * `<add key="x" value="1"/>` is `{'add[@key="x"]': {'@key': 'x', '@value': '1'}}`, `<a>text</a>` is `{a: 'text'}`. Attributes
 * have no order, and white space between elements means nothing. Undefined for what is not well-formed. Of a document type
 * nothing is fetched, and entities that it declares are unknown: such a file is not read either.
 */
export function readXml(text: string): Json | undefined {
  const root: Element = { name: '', attributes: {}, content: [] };
  const open = [root];
  const top = () => open[open.length - 1] ?? root;
  const { SaxesParser } = parserModule();
  const parser = new SaxesParser({ xmlns: false, position: false });
  let broken = false;
  parser.on('error', () => {
    broken = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes, content: [] };
    top().content.push(element);
    open.push(element);
    if (open.length > DEEPEST) broken = true;
  });
  parser.on('closetag', () => void open.pop());
  const say = (words: string) => {
    const { content } = top();
    const last = content.at(-1);
    if (typeof last === 'string') content[content.length - 1] = last + words;
    else content.push(words);
  };
  parser.on('text', say);
  parser.on('cdata', say);
  parser.on('doctype', (type) => void top().content.push({ name: '!DOCTYPE', attributes: {}, content: [type.trim()] }));
  parser.on('processinginstruction', ({ target, body }) => {
    top().content.push({ name: `?${target}`, attributes: {}, content: [body] });
  });
  parser.write(text.replace(/^\uFEFF/, ''));
  if (!broken) parser.close();
  return broken ? undefined : childrenOf(root);
}

function toJson(element: Element): Json {
  const attributes = Object.entries(element.attributes).map(([name, value]) => [`@${name}`, value] as const);
  const texts = element.content.filter((item) => typeof item === 'string').join('');
  const hasElements = element.content.some((item) => typeof item !== 'string');
  if (!hasElements) {
    if (attributes.length === 0) return texts;
    return Object.fromEntries([...attributes, ...(texts === '' ? [] : [['text()', texts] as const])]);
  }
  return { ...Object.fromEntries(attributes), ...childrenOf(element) };
}

/** Equal names are a list. Where text or other elements stand between them, the order is kept: all that is inside, in order. */
function childrenOf({ content }: Element): { readonly [key: string]: Json } {
  const significant = content.filter((item) => typeof item !== 'string' || item.trim() !== '');
  const groups = new Map<string, Json[]>();
  let previous = '';
  for (const item of significant) {
    const key = typeof item === 'string' ? '' : keyOf(item);
    if (typeof item === 'string' || (groups.has(key) && key !== previous)) return { 'content()': significant.map(inOrder) };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [toJson(item)]);
    else group.push(toJson(item));
    previous = key;
  }
  return Object.fromEntries([...groups].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]));
}

function inOrder(item: Element | string): Json {
  return typeof item === 'string' ? item : { [keyOf(item)]: toJson(item) };
}

function keyOf({ name, attributes }: Element): string {
  const attribute = IDENTITY.find((candidate) => Object.hasOwn(attributes, candidate));
  return attribute === undefined ? name : `${name}[@${attribute}=${JSON.stringify(attributes[attribute])}]`;
}
