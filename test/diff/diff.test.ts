import { describe, expect, it } from 'vitest';
import { type DiffInput, diffTrees } from '../../src/diff/diff.ts';
import type { Kind } from '../../src/model.ts';
import { parse } from '../../src/normalize/normalize.ts';

const kinds: Record<string, Kind> = {
  'x.thing': { format: 'json', title: 'thing' },
  'x.file': { format: 'text', title: 'file' },
  'x.tree': { format: 'text', title: 'file', location: { type: 'tree', folder: 'tree' } },
  'x.map': { format: 'yaml', title: 'map' },
  'x.pod': { format: 'yaml', title: 'pod', lists: [{ path: '/containers', key: ['name'] }] },
};

function inputOf(before: Record<string, string>, after: Record<string, string>): DiffInput & { reads: string[][] } {
  const reads: string[][] = [];
  return {
    before: new Map(Object.entries(before)),
    after: new Map(Object.entries(after)),
    reads,
    // A blob's id is its text here.
    read: (ids) => {
      reads.push([...ids]);
      return Promise.resolve(new Map(ids.map((id) => [id, Buffer.from(id)])));
    },
    refOf: (path) => {
      const [root, kind, id] = path.split('/');
      return root === 'x' && kind && id ? { scope: 'x', kind: `x.${kind}`, id: id.replace('%u', '') } : undefined;
    },
    kindOf: (kind) => kinds[kind],
    parse,
  };
}

describe('diffTrees', () => {
  it('gives created, modified and deleted resources in order of path', async () => {
    const changes = await diffTrees(
      inputOf({ 'x/thing/b': '{"a":1}', 'x/thing/c': '{"tags":{"Name":"gone"}}' }, { 'x/thing/a': '{"a":1}', 'x/thing/b': '{"a":2}' }),
    );
    expect(changes.map(({ type, path, name, edits }) => ({ type, path, name, edits }))).toEqual([
      { type: 'created', path: 'x/thing/a', name: undefined, edits: [{ path: '', before: null, after: { a: 1 } }] },
      { type: 'modified', path: 'x/thing/b', name: undefined, edits: [{ path: '/a', before: 1, after: 2 }] },
      { type: 'deleted', path: 'x/thing/c', name: 'gone', edits: [{ path: '', before: { tags: { Name: 'gone' } }, after: null }] },
    ]);
  });

  it('reads a captured file by its own name, which our path may spell in another way', async () => {
    const changes = await diffTrees(
      inputOf(
        { 'x/tree/A.json%u': '{"a":1}', 'x/file/A.json%u': '{"a":1}' },
        { 'x/tree/A.json%u': '{"a":2}', 'x/file/A.json%u': '{"a":2}' },
      ),
    );
    expect(changes.map(({ path, edits, readAs }) => [path, edits[0]?.path, readAs])).toEqual([
      ['x/file/A.json%u', '/lines/1', undefined],
      ['x/tree/A.json%u', '/a', 'json'],
    ]);
  });

  it('reads only what differs', async () => {
    const input = inputOf({ 'x/thing/a': '{}', 'x/thing/b': '{"a":1}' }, { 'x/thing/a': '{}', 'x/thing/b': '{"a":2}' });
    await diffTrees(input);
    expect(input.reads.flat().sort()).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('does not read what is known or not wanted', async () => {
    const input = inputOf(
      { 'x/thing/old': '{"a":1}', 'x/file/gone': 'text' },
      { 'x/thing/new': '{"a":1}', 'x/thing/old': '{"a":2}', 'x/file/other': 'text' },
    );
    const changes = await diffTrees({
      ...input,
      known: new Map([
        ['x/thing/new', { ref: { scope: 'x', kind: 'x.thing', id: 'new' }, config: { b: 1 } }],
        ['x/thing/old', { ref: { scope: 'x', kind: 'x.thing', id: 'old' }, config: { b: 2 } }], // only what is new is taken as known: edits come from what is stored
      ]),
      wanted: ({ kind }) => kind === 'x.thing',
    });
    expect(input.reads.flat().sort()).toEqual(['{"a":1}', '{"a":2}']);
    expect(changes).toMatchObject([
      { type: 'created', path: 'x/thing/new', edits: [{ path: '', before: null, after: { b: 1 } }], after: { b: 1 } },
      { type: 'modified', path: 'x/thing/old', edits: [{ path: '/a', before: 1, after: 2 }] },
    ]);
  });

  it('compares text by lines and YAML by its data', async () => {
    const changes = await diffTrees(
      inputOf({ 'x/file/a': 'one\ntwo\n', 'x/map/b': 'a: 1\nb: 2\n' }, { 'x/file/a': 'one\n2\n', 'x/map/b': 'b: 2\na: 1\n' }),
    );
    expect(changes.map(({ path, edits }) => ({ path, edits }))).toEqual([
      { path: 'x/file/a', edits: [{ path: '/lines/2', before: 'two', after: '2' }] },
    ]);
  });

  it('ignores files that are no resources', async () => {
    expect(await diffTrees(inputOf({}, { 'coverage/x': '{}' }))).toEqual([]);
  });

  it('reports what a person broke by hand as text', async () => {
    const changes = await diffTrees(inputOf({ 'x/thing/a': '{"a":1}' }, { 'x/thing/a': '{"a":' }));
    expect(changes[0]?.edits).toEqual([{ path: '', before: { a: 1 }, after: '{"a":' }]);
  });

  it('sees a shuffled set of two thousand rules as unchanged', async () => {
    const rules = Array.from({ length: 2000 }, (_, index) => [`ingress tcp ${index} 10.0.0.0/8`, { securityGroupRuleId: `sgr-${index}` }]);
    const before = JSON.stringify({ rules: Object.fromEntries(rules) });
    const after = JSON.stringify({ rules: Object.fromEntries([...rules].reverse()) });
    expect(await diffTrees(inputOf({ 'x/thing/a': before }, { 'x/thing/a': after }))).toEqual([]);
  });

  it('names elements of ordered lists by their key, and says when only their order changed', async () => {
    const [app, log] = ['- name: app\n  image: a:1\n', '- name: log\n  image: l:1\n'];
    const pod = (...items: string[]) => ({ 'x/pod/a': `containers:\n${items.join('')}` });
    const [changed] = await diffTrees(inputOf(pod(app, log), pod(log, app.replace('a:1', 'a:2'))));
    expect(changed?.edits).toEqual([{ path: '/containers/app/image', before: 'a:1', after: 'a:2' }]);
    const [moved] = await diffTrees(inputOf(pod(app, log), pod(log, app)));
    expect(moved?.edits).toEqual([{ path: '/containers', before: ['app', 'log'], after: ['log', 'app'] }]);
    const [gone] = await diffTrees(inputOf(pod(app, log), pod(app)));
    expect(gone?.edits).toEqual([{ path: '/containers/log', before: { name: 'log', image: 'l:1' }, after: null }]);
  });
});
