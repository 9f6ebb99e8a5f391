import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/exec/index.ts';
import { options as schema } from '../../../exporters/exec/options.ts';
import { collect } from '../../../src/collect/collect.ts';
import { withOptionKinds } from '../../../src/option-kinds.ts';
import type { Exporter, ScopedKind, Snapshot } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { folder } from '../../folder.ts';

interface Case {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly known?: readonly ScopedKind[];
  readonly signal?: AbortSignal;
}

async function snapshot(
  own: Record<string, unknown>,
  { files = {}, env = {}, known = [], signal = new AbortController().signal }: Case = {},
): Promise<Snapshot> {
  const dir = folder(files);
  const surroundings = { ...realSurroundings(dir), env: { ...process.env, ...env } };
  const options = schema.parse({ name: 'x', ...own });
  return collect(exporter, options, { surroundings, signal, progress: () => undefined, known: () => known });
}
const sh = (script: string) => ['sh', '-c', script];
const say = (...lines: readonly unknown[]) => sh(`printf '%s\\n' ${lines.map((line) => `'${JSON.stringify(line)}'`).join(' ')}`);
const END = { end: true };

describe('exec', () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'exit code',
      { command: sh(`echo '{"end":true}'; echo 'no route to host' >&2; exit 3`) },
      'invalid',
      /^sh: exit code 3; it said: no route to host$/,
    ],
    ['program that does not end', { command: sh('sleep 60 & sleep 60'), timeout: 1 }, 'unreachable', /did not end within 1 s \(timeout\)$/],
    ['flood', { command: sh('yes'), maxBytes: 1000 }, 'truncated', /printed more than 1000 bytes \(maxBytes\)$/],
    [
      'program that is not there',
      { command: ['drifttrail-no-such-program'] },
      'unreachable',
      /cannot start drifttrail-no-such-program: ENOENT/,
    ],
    ['bad line', { command: sh('echo hello') }, 'invalid', /line 1 of its output is no JSON$/],
    [
      'flood of files',
      { command: sh('yes | head -c 2000 > $DRIFTTRAIL_OUT/a'), output: 'files', maxBytes: 1000 },
      'truncated',
      /wrote more than 1000 bytes/,
    ],
    [
      'data for a text',
      { command: say({ kind: 'a', id: 'b', config: 1 }, END), kinds: { a: { format: 'text' } } },
      'invalid',
      /config of a b is no string/,
    ],
  ])('takes a %s for a gap of everything, and deletes nothing', async (_what, own, reason, detail) => {
    const found = await snapshot(own);
    expect(found.gaps).toEqual([{ scope: 'exec/x', reason, detail: expect.stringMatching(detail) }]);
    expect(found.complete).toEqual([]);
  });

  it('gives the program nothing but what is named, and starts it in the deployment', async () => {
    const script = `printf '{"kind":"env","id":"a","config":{"names":"%s","dir":"%s"}}\\n{"complete":"env"}\\n{"end":true}\\n' "$(env | cut -d= -f1 | grep -v -e PWD -e '^_$' -e SHLVL -e OLDPWD | sort | tr '\\n' ' ')" "$(ls)"`;
    const own = { command: ['./tool', 'a b'], env: { TOKEN: 'tttt' }, pass: ['KEPT', 'UNSET'] };
    const dir = { files: { tool: `#!/bin/sh\n${script}\n` }, env: { KEPT: '1', LEAKED: '2' } };
    const found = await snapshot({ ...own, command: ['sh', 'tool'] }, dir);
    expect(found.resources.map(({ config }) => config)).toEqual([{ names: 'KEPT LANG LC_ALL PATH TOKEN ', dir: 'tool' }]);
    expect(found.complete).toEqual([{ scope: 'exec/x', kind: 'exec.env' }]);
  });

  it('does not repeat what it gave the program', async () => {
    const found = await snapshot(
      { command: sh('echo "bad token $TOKEN of $KEPT" >&2; exit 1'), env: { TOKEN: 'abcd1234' }, pass: ['KEPT'] },
      { env: { KEPT: 'efgh5678' } },
    );
    expect(found.gaps[0]?.detail).toBe('sh: exit code 1; it said: bad token … of …');
  });

  it('takes silence about a kind for a gap: described, known before, or told of', async () => {
    const known = [
      { scope: 'exec/x', kind: 'exec.old' },
      { scope: 'exec/y', kind: 'exec.other' },
    ];
    const found = await snapshot({ command: say({ kind: 'a', id: '1', config: 1 }, END) }, { known });
    expect(found.gaps.map(({ kind, partial, reason }) => [kind, reason, partial])).toEqual([
      ['exec.a', 'invalid', true],
      ['exec.old', 'invalid', true],
    ]);
    // What is described no more can be ended, and told of no more.
    const ended = await snapshot({ command: say({ complete: ['a', 'old'] }, END), kinds: { a: {} } }, { known });
    expect([ended.gaps, ended.complete.map(({ kind }) => kind)]).toEqual([[], ['exec.a', 'exec.old']]);
    const again = await snapshot({ command: say({ kind: 'old', id: 'x', config: 1 }, END), kinds: { a: {} } }, { known });
    expect(again.gaps).toEqual([
      { scope: 'exec/x', reason: 'invalid', detail: expect.stringContaining('the kind old, which kinds: does not describe') },
    ]);
    const described = await snapshot({ command: say(END), kinds: { a: {} } });
    expect(described.gaps.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['exec.a', 'the program said neither {"complete":"a"} nor a gap of it'],
    ]);
    expect(described.complete).toEqual([]);
  });

  it('removes the folder of the files, whatever becomes of the program', async () => {
    const before = new Set(readdirSync(tmpdir()));
    await snapshot({ command: sh('echo a > $DRIFTTRAIL_OUT/a; exit 1'), output: 'files' });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('drifttrail-exec-') && !before.has(name))).toEqual([]);
  });

  it('ends the program and its children when the run is stopped', async () => {
    const dir = folder({});
    const controller = new AbortController();
    const running = snapshot(
      { command: sh(`(sleep 1; touch ${dir}/late) & echo started > ${dir}/started; sleep 60`) },
      { signal: controller.signal },
    );
    while (!existsSync(`${dir}/started`)) await new Promise((done) => setTimeout(done, 10));
    controller.abort(new Error('enough'));
    expect((await running).gaps[0]?.detail).toMatch(/stopped/);
    await new Promise((done) => setTimeout(done, 1200));
    expect(existsSync(`${dir}/late`)).toBe(false);
  });

  it('carries out the example of its README', async () => {
    const readme = readFileSync(new URL('../../../exporters/exec/README.md', import.meta.url), 'utf8');
    const script = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const dig = "#!/bin/sh\necho 'www.example.com. 300 IN A 192.0.2.7'\n";
    const found = await snapshot({ command: ['sh', '-c', 'chmod +x dig; PATH=$PWD:$PATH sh ./dump'] }, { files: { dump: script, dig } });
    expect(found.gaps).toEqual([]);
    expect(found.resources.map(({ ref, config }) => [ref.kind, ref.id, config])).toEqual([
      ['exec.record', 'www.example.com. A 192.0.2.7', { ttl: 300 }],
    ]);
    expect(found.complete).toEqual([{ scope: 'exec/x', kind: 'exec.record' }]);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ command: [] }, /command|Too small/],
    [{ command: [''] }, /first word/],
    [{ command: ['a'], kinds: { 'Bad Kind': {} } }, /lower-case/],
    [{ command: ['a'], kinds: { a: { format: 'text', secret: ['/b'] } } }, /no pointers/],
    [{ command: ['a'], kinds: { a: { secret: ['b'] } } }, /JSON pointer/],
    [{ command: ['a'], kinds: { a: { secret: ['/**/b'] } } }, /JSON pointer/],
    [{ command: ['a'], kinds: { a: { volatile: [{ path: '/b' }] } } }, /because|Invalid/],
    [{ command: ['a'], kinds: { a: { extension: '.sql' } } }, /for texts/],
  ])('refuses the options %j', (own, message) => {
    const result = schema.safeParse({ name: 'x', ...own });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toMatch(message);
  });
});

describe('withOptionKinds', () => {
  const entry = (kinds: Record<string, unknown>) => ({
    exporter: exporter as Exporter,
    shape: schema.parse({ name: 'x', command: ['a'], kinds }),
  });

  it('gives every entry the kinds of all', () => {
    const [one, two] = withOptionKinds([entry({ pool: { title: 'pool' } }), entry({ node: {}, pool: {} })]);
    expect(Object.keys(one?.exporter.kinds ?? {})).toEqual(['exec.file', 'exec.*', 'exec.pool', 'exec.node']);
    expect(two?.exporter.kinds).toEqual(one?.exporter.kinds);
  });

  it('refuses two descriptions of one kind', () => {
    expect(() => withOptionKinds([entry({ pool: {} }), entry({ pool: { format: 'yaml' } })])).toThrow(
      /describe the kind exec\.pool differently/,
    );
    expect(() => withOptionKinds([entry({ file: { format: 'yaml' } })])).toThrow(/exec\.file/);
  });
});
