import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../../src/diff/document.ts';

const config = (path: string, text: string) => documentOf(path, text)?.config;

describe('documentOf', () => {
  it.each<[string, string, unknown]>([
    [
      'numbers as written',
      '{"a": 12345678901234567890, "b": 1.0, "c": 1e3, "d": -0, "e": 7}',
      { a: '12345678901234567890', b: '1.0', c: '1e3', d: '-0', e: 7 },
    ],
    [
      'what is a number apart from what looks like one',
      '["8080", 8080, "true", true, "null", null, "", "x"]',
      ['"8080"', 8080, '"true"', true, '"null"', 'null', '""', 'x'],
    ],
    ['names that objects have of themselves', '{"__proto__": {"constructor": 1}}', JSON.parse('{"__proto__": {"constructor": 1}}')],
    ['escapes', '{"a\\"b": "c\\nd \\u00e4"}', { 'a"b': 'c\nd ä' }],
  ])('reads of JSON %s', (_what, text, expected) => {
    expect(config('x.json', text)).toEqual(expected);
    expect(JSON.stringify(config('x.json', `\uFEFF${text}`))).toBe(JSON.stringify(expected));
  });

  it.each<[string, string, unknown]>([
    [
      'scalars as written',
      'a: 1.10\nb: 0644\nc: yes\nd: ~\ne:\nf: "1.10"\n',
      { a: '1.10', b: '0644', c: 'yes', d: 'null', e: 'null', f: '"1.10"' },
    ],
    ['anchors and tags', 'a: &x {b: 1}\nc: *x\nd: !Ref e\n', { a: { b: 1 }, c: { b: 1 }, d: { '!Ref': 'e' } }],
    ['several documents', 'a: 1\n---\n- 2\n', [{ a: 1 }, [2]]],
    ['names that are no strings', '1: a\nnull: b\n', { 1: 'a', null: 'b' }],
    ['blocks', 'a: |\n  x\n  y\n', { a: 'x\ny\n' }],
  ])('reads of YAML %s', (_what, text, expected) => {
    expect(config('x.yml', text)).toEqual(expected);
  });

  it('reads TOML, integers apart from floats, dates apart from texts', () => {
    const text = 'n = 1\nf = 1.0\nbig = 9007199254740993\nd = 1979-05-27\ns = "1979-05-27"\n[a.b]\nx = [true, inf]\n';
    expect(config('x.toml', text)).toEqual({
      n: 1,
      f: '1.0',
      big: '9007199254740993',
      d: '1979-05-27',
      s: '"1979-05-27"',
      a: { b: { x: [true, 'inf'] } },
    });
  });

  it.each<[string, string, string, unknown]>([
    [
      'a systemd unit',
      'etc/systemd/system/a.service',
      '[Service]\nExecStart=\nExecStart=/bin/a \\\n  --b\n',
      { Service: { ExecStart: ['', '/bin/a \\\n--b'] } },
    ],
    [
      'an option file',
      'my.cnf',
      '[mysqld]\nskip-name-resolve\nport = 3306 # x\n',
      { mysqld: { 'skip-name-resolve': '(set)', port: '3306 # x' } },
    ],
    [
      'what is indented under its section',
      'smb.conf',
      '[global]\n  workgroup = A\n  log file = /x\n',
      { global: { workgroup: 'A', 'log file': '/x' } },
    ],
    ['a value of many lines', 'a.cfg', '[a]\nlist =\n  x = 1\n  y\nz = 2\n', { a: { list: '\nx = 1\ny', z: '2' } }],
    [
      'sections that stand twice',
      'a.ini',
      'top=1\r\n[a]\r\nx=1\r\n[b]\r\n[a]\r\nx=2\r\n',
      { top: '1', a: [{ x: '1' }, { x: '2' }], b: {} },
    ],
  ])('reads %s', (_what, path, text, expected) => {
    expect(config(path, text)).toEqual(expected);
  });

  it('reads properties with their escapes and lines that go on', () => {
    const text = '# c\n! c\na.b = x\\\n   y\nc\\ d: \\u00e4\\t\\\\\ne\nf f f\ntwice=1\ntwice=2\n';
    expect(config('x.properties', text)).toEqual({ 'a.b': 'xy', 'c d': 'ä\t\\', e: '', f: 'f f', twice: ['1', '2'] });
  });

  it.each<[string, string, unknown]>([
    ['attributes, texts and elements', '<a x="1"><b>t</b><c/></a>', { a: { '@x': '1', b: 't', c: '' } }],
    [
      'what tells elements apart',
      '<a><e key="k/1" v="2"/><e name="n">t</e></a>',
      { a: { 'e[@key="k/1"]': { '@key': 'k/1', '@v': '2' }, 'e[@name="n"]': { '@name': 'n', 'text()': 't' } } },
    ],
    ['equal ones as a list', '<a><b>1</b> <!-- c --> <b>2</b></a>', { a: { b: ['1', '2'] } }],
    ['order, where others stand between', '<a><b/><c/><b/></a>', { a: { 'content()': [{ b: '' }, { c: '' }, { b: '' }] } }],
    ['words between elements', '<p>one <b>two</b> three</p>', { p: { 'content()': ['one ', { b: 'two' }, ' three'] } }],
    ['CDATA and entities as text', '<a>x<![CDATA[<y>]]>&amp;&#65;</a>', { a: 'x<y>&A' }],
    ['white space inside of a text', '<a> x </a>', { a: ' x ' }],
    ['a document type', '<!DOCTYPE a SYSTEM "a.dtd"><a/>', { '!DOCTYPE': 'a SYSTEM "a.dtd"', a: '' }],
  ])('reads of XML %s', (_what, text, expected) => {
    expect(config('x.xml', `<?xml version="1.0"?>\n${text}\n`)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['another name', 'a.txt', '{}'],
    ['a file called as an extension', 'etc/json', '{}'],
    ['JSON with comments', 'a.json', '{} // x'],
    ['a name twice in JSON', 'a.json', '{"a": 1, "a": 2}'],
    ['a name twice in YAML', 'a.yaml', 'a: 1\na: 2\n'],
    ['a name twice in YAML, once in quotes', 'a.yaml', '1: a\n"1": b\n'],
    ['a name twice in TOML', 'a.toml', 'a = 1\na = 2\n'],
    ['broken YAML', 'a.yaml', 'a: [1\n'],
    ['a list as a name', 'a.yaml', '? [1]\n: 2\n'],
    [
      'aliases that multiply',
      'a.yaml',
      `a: &a [${'1,'.repeat(100)}]\n${'bcdefg'.replaceAll(/./g, (letter) => `${letter}: &${letter} [${`*${String.fromCharCode(letter.charCodeAt(0) - 1)},`.repeat(20)}]\n`)}`,
    ],
    ['nginx', 'nginx.conf', 'events {\n}\n'],
    ['sysctl, which has no section', 'a.conf', 'net.ipv4.ip_forward = 1\n'],
    ['an include, whose place counts', 'my.cnf', '[mysqld]\na=1\n!includedir /x\n'],
    ['an include by name', 'smb.conf', '[global]\na=1\ninclude = /x\n'],
    ['a section of includes', 'a.conf', '[a]\nb=1\n[include]\nfiles = *.x\n'],
    ['krb5.conf with braces', 'krb5.conf', '[realms]\nA = {\n kdc = x\n}\n'],
    ['a name that is a section, too', 'a.ini', 'a=1\n[a]\nb=1\n'],
    ['XML that is cut off', 'a.xml', '<a><b></a>'],
    ['XML of nothing', 'a.xml', ''],
    ['entities of its own', 'a.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a bad escape', 'a.properties', 'a=\\u00g0'],
    ['JSON too deep', 'a.json', '['.repeat(5000) + ']'.repeat(5000)],
    ['XML too deep', 'a.xml', '<a>'.repeat(5000) + '</a>'.repeat(5000)],
    ['YAML too deep', 'a.yaml', '['.repeat(5000) + ']'.repeat(5000)],
    ['YAML that is too long', 'a.yaml', `a: ${'x'.repeat(256 * 1024)}`],
    ['an anchor that nobody set', 'a.yaml', 'a: *b\n'],
    ['a list that holds itself', 'a.yaml', 'a: &b [*b]\n'],
    ['what is too long', 'a.json', JSON.stringify('x'.repeat(1024 * 1024))],
  ])('does not read %s', (_what, path, text) => {
    expect(documentOf(path, text)).toBeUndefined();
  });

  it('survives files made to exhaust the stack, of whichever syntax', () => {
    const hostile: readonly [string, string][] = [
      ...['{', '[', '- ', '? ', ': ', 'a: ', '[- ', '[? ', '{a: ', '{? {', '[{}: ', '&a ', '!a ', '*a ', '[]: '].flatMap((part) =>
        [900, 3000, 5000, 10_000].map((count): [string, string] => ['a.yaml', part.repeat(count)]),
      ),
      ['a.yaml', Array.from({ length: 700 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
      ...[3000, 5000, 7000, 9000, 11_000, 20_000].flatMap((count): [string, string][] => [
        ['a.json', `${'{"a":'.repeat(count / 2)}"x"${'}'.repeat(count / 2)}`],
        ['a.json', '['.repeat(count) + ']'.repeat(count)],
        ['a.toml', `${'a.'.repeat(count)}a = "x"`],
        ['a.toml', `[${'a.'.repeat(count)}a]`],
        ['a.toml', `a = ${'['.repeat(count)}`],
        ['a.toml', `a = ${'{a='.repeat(count)}`],
        ['a.xml', '<a>'.repeat(count) + '</a>'.repeat(count)],
      ]),
    ];
    const run = new URL('../../scripts/run-ts.mjs', import.meta.url).pathname;
    const reader = new URL('read-hostile.ts', import.meta.url).pathname;
    // In a process of its own: what V8 cannot go on from takes the process with it.
    const { status, stdout, stderr } = spawnSync(process.execPath, [run, reader], {
      input: JSON.stringify(hostile),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it.each<[string, (levels: number) => string]>([
    ['brackets', (levels) => '['.repeat(levels) + ']'.repeat(levels)],
    ['braces', (levels) => '{a: '.repeat(levels) + '}'.repeat(levels)],
    ['dashes', (levels) => `${'- '.repeat(levels)}a`],
    ['indentation', (levels) => Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
  ])('reads YAML that is 200 levels deep by %s, and no deeper', (_what, text) => {
    expect(documentOf('a.yaml', text(200))).toBeDefined();
    expect(documentOf('a.yaml', text(201))).toBeUndefined();
  });

  it('reads bytes, in UTF-16 by its mark', () => {
    expect(documentOf('a.JSON', Buffer.from('\uFEFF{"a":"ä"}', 'utf16le'))).toEqual({ syntax: 'json', config: { a: 'ä' } });
    expect(documentOf('a.json', Buffer.from('{"a":"ä"}'))).toEqual({ syntax: 'json', config: { a: 'ä' } });
  });
});

it.each<[string, string, string, string]>([
  ['a version of YAML', 'x.yaml', '%YAML 1.1\n---\na: 010\n', '---\na: 010\n'],
  ['a version of YAML and nothing else', 'x.yaml', '%YAML 1.1\n', ''],
  ['a prefix of tags and nothing else', 'x.yaml', '%TAG ! tag:x,2026:\n', ''],
  ['a tag on a name', 'x.yaml', '!!str 1: a\n', '1: a\n'],
  ['a tag of its own on a name', 'x.yaml', '!secret a: 1\n', 'a: 1\n'],
  ['a tag on a name below', 'x.yaml', 'a:\n  ? !x b\n  : 1\n', 'a:\n  b: 1\n'],
  [
    'a blank after the backslash that goes on',
    'x.service',
    '[Service]\nExecStart=/bin/a \\ \n  --b\n',
    '[Service]\nExecStart=/bin/a \\\n  --b\n',
  ],
  ['a tab after the last backslash', 'x.ini', '[s]\na = b\\\t\nc = d\n', '[s]\na = b\\\nc = d\n'],
])('does not say that %s means nothing', (_what, path, text, other) => {
  expect([documentOf(path, text)?.config ?? text, 'told apart']).not.toEqual([documentOf(path, other)?.config ?? other, 'told apart']);
  expect(documentOf(path, other)).toBeDefined();
});
