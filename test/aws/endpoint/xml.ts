/** Reads the plain XML of AWS's query protocols, with offsets, so that an answer can be cut into pages byte for byte. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Decoded character data; empty when there are children. */
  readonly text: string;
  /** Where the element begins and ends in the source, and its content. */
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}

interface Open {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  start: number;
  contentStart: number;
}

/** The root element. Throws on text that is not well-formed. */
export function parseXml(source: string): Element {
  const stack: Open[] = [];
  const tag = /<(?:\?[\s\S]*?\?|!--[\s\S]*?--|(\/)?([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/)?)>/g;
  for (let match = tag.exec(source); match !== null; match = tag.exec(source)) {
    const [whole, closing, name, attributes = '', empty] = match;
    if (name === undefined) continue;
    if (closing === undefined) {
      stack.push({ name, attributes: attributesOf(attributes), children: [], start: match.index, contentStart: tag.lastIndex });
      if (empty === undefined) continue;
    }
    const open = stack.pop();
    if (open === undefined || open.name !== name) throw new Error(`XML: </${name}> closes ${open?.name ?? 'nothing'}`);
    const contentEnd = closing === undefined ? tag.lastIndex : tag.lastIndex - whole.length;
    const element: Element = {
      ...open,
      end: tag.lastIndex,
      contentEnd,
      text: open.children.length === 0 ? decodeEntities(source.slice(open.contentStart, contentEnd)).trim() : '',
    };
    const parent = stack.at(-1);
    if (parent === undefined) return element;
    parent.children.push(element);
  }
  throw new Error('XML: no complete element');
}

/** The first element of that name, the element itself included, in document order. */
export function find(element: Element, name: string): Element | undefined {
  if (element.name === name) return element;
  for (const candidate of element.children) {
    const found = find(candidate, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(found.map(([, name = '', double, single]) => [name, decodeEntities(double ?? single ?? '')]));
}
