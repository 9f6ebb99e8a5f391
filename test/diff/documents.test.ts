import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify as printToml } from 'smol-toml';
import { stringify as printYaml } from 'yaml';
import { documentOf } from '../../src/diff/document.ts';
import { diffDocuments, diffFiles } from '../../src/diff/documents.ts';
import type { Edit, Json } from '../../src/model.ts';
import { pointer } from '../../src/pointer.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);
const scalar = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));

/** Trees of objects, lists and scalars, without the null that TOML lacks. */
const { tree } = fc.letrec<{ tree: Json; node: Json }>((tie) => ({
  tree: fc.dictionary(name, tie('node'), { maxKeys: 5 }) as fc.Arbitrary<Json>,
  node: fc.oneof({ depthSize: 'small' }, scalar, fc.array(scalar, { maxLength: 3 }), tie('tree')) as fc.Arbitrary<Json>,
}));

/** Sections of texts, as INI files and properties have them. */
const sections = fc.dictionary(name, fc.dictionary(name, fc.stringMatching(/^[A-Za-z0-9/%:.-]{0,8}$/), { minKeys: 1, maxKeys: 4 }), {
  minKeys: 1,
  maxKeys: 4,
});
type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>;

const printIni = (value: Sections) =>
  Object.entries(value)
    .map(([section, own]) => `[${section}]\n${Object.entries(own).map(([key, text]) => `${key} = ${text}\n`)}`.replaceAll('\n,', '\n'))
    .join('\n');
const flat = (value: Sections) =>
  Object.entries(value).flatMap(([section, own]) => Object.entries(own).map(([key, text]) => [`${section}.${key}`, text]));
const printProperties = (value: Sections) =>
  flat(value)
    .map(([key, text]) => `${key}=${text}\n`)
    .join('');
const printXml = (value: Sections) =>
  `<root>${Object.entries(value)
    .map(([section, own]) => `<section name="${section}" ${attributes(own)}/>`)
    .join('\n')}</root>`;
const attributes = (own: Readonly<Record<string, string>>) =>
  Object.entries(own)
    .map(([key, text]) => `x${key}="${text}"`)
    .join(' ');

const reversed = (value: Json): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member as Json)]),
      )
    : value;

const TREES: readonly [string, (value: Json) => string][] = [
  ['a.json', (value) => JSON.stringify(value, null, 3)],
  ['a.yaml', (value) => printYaml(value)],
  ['a.toml', (value) => printToml(value as Record<string, unknown>)],
];
const TABLES: readonly [string, (value: Sections) => string, (section: string, key: string) => string][] = [
  ['a.ini', printIni, (section, key) => pointer(section, key)],
  ['a.conf', printIni, (section, key) => pointer(section, key)],
  ['a.properties', printProperties, (section, key) => pointer(`${section}.${key}`)],
  ['a.xml', printXml, (section, key) => pointer('root', `section[@name="${section}"]`, `@x${key}`)],
];

function edits(path: string, before: string, after: string): readonly Edit[] {
  const [old, now] = [documentOf(path, before), documentOf(path, after)];
  if (old === undefined || now === undefined) throw new Error(`not read as ${path}:\n${old === undefined ? before : after}`);
  return diffDocuments(old, now);
}

describe.each(TREES)('%s', (path, print) => {
  it('says the same in another order and layout', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(edits(path, print(value), `\n${print(reversed(value))}`)).toEqual([]);
      }),
    );
  });

  it('has exactly one edit for one leaf that changed, at its place', () => {
    fc.assert(
      fc.property(tree, fc.array(name, { minLength: 1, maxLength: 3 }), fc.tuple(scalar, scalar), (value, keys, [old, now]) => {
        fc.pre(!Object.is(old, now) && !(old === 0 && now === 0));
        const [before, after] = [old, now].map((leaf) => print(withLeaf(value, keys, leaf))) as [string, string];
        expect(edits(path, before, after).map((edit) => edit.path)).toEqual([pointer(...keys)]);
      }),
    );
  });
});

describe.each(TABLES)('%s', (path, print, place) => {
  it('says the same in another order and layout', () => {
    fc.assert(
      fc.property(sections, (value) => {
        // Elements of XML have an order, attributes have not.
        const other = path.endsWith('.xml')
          ? Object.fromEntries(Object.entries(value).map(([key, own]) => [key, reversed(own)]))
          : reversed(value);
        expect(edits(path, print(value), `${print(other as Sections)}\n\n`)).toEqual([]);
      }),
    );
  });

  it('has exactly one edit for one leaf that changed, at its place', () => {
    fc.assert(
      fc.property(sections, name, name, (value, section, key) => {
        const leaf = (text: string) => print({ ...value, [section]: { ...value[section], [key]: text } });
        expect(edits(path, leaf('old'), leaf('new'))).toEqual([{ path: place(section, key), before: 'old', after: 'new' }]);
      }),
    );
  });
});

function withLeaf(value: Json, [key = '', ...rest]: readonly string[], leaf: Json): Json {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const below = Object.hasOwn(object, key) ? (object as Record<string, Json>)[key] : undefined;
  return { ...object, [key]: rest.length === 0 ? leaf : withLeaf(below ?? {}, rest, leaf) };
}

describe('diffFiles', () => {
  it('names the leaf of a file that is data on both sides', () => {
    expect(diffFiles('hosts/a/files/etc/app.json', '{"a":{"b":1}}', '{\n "a": {"b": 2}}')).toEqual({
      edits: [{ path: '/a/b', before: 1, after: 2 }],
      readAs: 'json',
    });
  });

  it('tells the lines, and that they mean nothing, where only the layout is other', () => {
    expect(diffFiles('a.yaml', 'a: 1\nb: 2\n', '# b first\nb: 2\na: 1\n')).toMatchObject({
      edits: [
        { path: '/lines/1', before: 'a: 1', after: '# b first' },
        { path: '/lines/3', before: null, after: 'a: 1' },
      ],
      readAs: 'yaml',
      sameMeaning: true,
    });
  });

  it.each<[string, string, string, string]>([
    ...['yes', 'No', 'on', 'OFF', 'y', 'N', 'true', 'Null', '~', '1_000', '1,000', '1:30', '1:30:00.5', '0o17', '0b1', '0x_ff'].map(
      (word): [string, string, string, string] => [`the quotes of ${word}`, 'a.yaml', `a: ${word}\n`, `a: "${word}"\n`],
    ),
    ...['017', '1_0.5e3', '.5_0', '+1', '2024-1-2', '2024-01-02T03:04:05Z', '.inf', '='].map((word): [string, string, string, string] => [
      `the quotes of ${word}`,
      'a.yaml',
      `a: ${word}\n`,
      `a: '${word}'\n`,
    ]),
    ['quotes under the directive of 1.1', 'a.yaml', '%YAML 1.1\n---\na: off\n', '%YAML 1.1\n---\na: "off"\n'],
    ['quotes instead of a block', 'a.yaml', 'a: yes\n', 'a: |-\n  yes\n'],
    ['quotes of a merge', 'a.yaml', 'b: &b {c: 1}\na: {<<: *b}\n', 'b: &b {c: 1}\na: {"<<": *b}\n'],
    ['quotes of a merge of 1.1', 'a.yaml', '%YAML 1.1\n---\na: {<<: {b: 1}}\n', '%YAML 1.1\n---\na: {"<<": {b: 1}}\n'],
    ['quotes of a name', 'a.yaml', 'on: push\n1: a\n', 'on: push\n"1": a\n'],
    ['a blank line behind a backslash', 'a.service', '[Service]\nExecStart=/a \\\nB=c\n', '[Service]\nExecStart=/a \\\n\nB=c\n'],
    [
      'the order of one name in two spellings',
      'my.cnf',
      '[mysqld]\nmax-connections=1\nmax_connections=2\n',
      '[mysqld]\nmax_connections=2\nmax-connections=1\n',
    ],
    [
      'the order of one name in two spellings, the first of which stays',
      'my.cnf',
      '[mysqld]\na-b-c=0\na-b_c=1\na_b-c=2\n',
      '[mysqld]\na-b-c=0\na_b-c=2\na-b_c=1\n',
    ],
  ])('does not take for layout %s', (_what, path, before, after) => {
    expect(documentOf(path, before)).toBeDefined();
    const { edits: found, sameMeaning } = diffFiles(path, before, after);
    expect(found).not.toEqual([]);
    expect(sameMeaning).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['a.yaml', 'a: b c\nd: 10.0.0.1\nv: 1.2.3\n', 'a: "b c"\nd: \'10.0.0.1\'\nv: "1.2.3"\n'],
    ['a.conf', '[a]\nb-c=1\nb_c=2\n', '[a]\nb_c=2\n\nb-c=1\n'],
    ['my.cnf', '[a]\nb-c=1\nd=2\n', '[a]\nd=2\nb-c=1\n'],
  ])('still takes for layout what means nothing in %s', (path, before, after) => {
    expect(diffFiles(path, before, after).sameMeaning).toBe(true);
  });

  it('goes back to lines where one side is broken', () => {
    expect(diffFiles('a.json', '{"a":1}', '{"a":1,}')).toEqual({ edits: [{ path: '/lines/1', before: '{"a":1}', after: '{"a":1,}' }] });
  });

  it('takes elements of XML that changed places for a change', () => {
    const [a, b] = ['<add key="a" value="1"/>', '<add key="b" value="2"/>'];
    expect(diffFiles('web.config', `<c>${a}${b}</c>`, `<c>\n${b}\n${a}\n</c>`).edits).toEqual([
      { path: '/c', before: ['add[@key="a"]', 'add[@key="b"]'], after: ['add[@key="b"]', 'add[@key="a"]'] },
    ]);
  });

  it('does not call an element that came in between a move', () => {
    const element = (key: string) => `<add key="${key}" value="1"/>`;
    const [before, after] = [
      ['a', 'c'],
      ['a', 'b', 'c'],
    ].map((keys) => `<c>${keys.map(element).join('')}</c>`) as [string, string];
    expect(diffFiles('web.config', before, after).edits).toEqual([
      { path: '/c/add[@key="b"]', before: null, after: { '@key': 'b', '@value': '1' } },
    ]);
  });
});
