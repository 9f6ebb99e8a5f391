/** Undo of files, carried out: change a tree, snapshot, run what is printed, and the next snapshot is the first one again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { kinds } from '../../../exporters/host/kinds.ts';
import type { Change, Json, Ref } from '../../../src/model.ts';
import { normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { makeRoot, snapshot } from './help.ts';

type Documents = Map<string, { ref: Ref; config: Json; bytes: Uint8Array }>;

const redactor = createRedactor(new Uint8Array(32));

/** The tree as one host among others: the paths of its files are those that commands run on. */
async function look(tree: string): Promise<Documents> {
  const found = await snapshot({ root: '/', files: { include: [`${tree.slice(1)}/**`] } });
  expect(found.gaps).toEqual([]);
  return new Map(
    found.resources.map((resource) => {
      const kind = kinds[resource.ref.kind];
      if (kind === undefined) throw new Error(resource.ref.kind);
      const { ref, config, bytes } = normalize(resource, kind, redactor);
      return [`${ref.kind} ${ref.id}`, { ref, config, bytes }];
    }),
  );
}

/** A deployment whose snapshots repository has the blobs of a look. */
function deploymentWith(documents: Documents): string {
  const deployment = makeRoot({ 'snapshots/.keep': '' });
  const cwd = join(deployment, 'snapshots');
  execFileSync('git', ['init', '-q'], { cwd });
  for (const { bytes } of documents.values()) execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd, input: bytes });
  return deployment;
}

function undo(before: Documents, after: Documents): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const ref = (old ?? now)?.ref;
    if (ref === undefined || isDeepStrictEqual(old?.config, now?.config)) return [];
    const type = old === undefined ? 'created' : now === undefined ? 'deleted' : 'modified';
    const change: Change = { type, ref, path: key, edits: [], ...(old && { before: old.config }), ...(now && { after: now.config }) };
    const commands = kinds[ref.kind]?.undo?.(change, { before: ({ kind, id }) => before.get(`${kind} ${id}`)?.config }) ?? [];
    return commands.filter((command) => !command.startsWith('# as root on '));
  });
}

const BOM = '\ufeff';
const FILES = {
  'etc/motd': 'hello\n',
  'etc/a b; $(id)': "it's `id`\n",
  'etc/line\nbreak': 'x',
  'etc/bom': `${BOM}begins with a mark`,
  'etc/sudoers': 'root ALL=(ALL) ALL\n',
  'etc/empty': '',
};

async function carriedOut(change: (tree: string) => void): Promise<{ commands: string[]; before: Documents; restored: Documents }> {
  const tree = makeRoot(FILES);
  chmodSync(join(tree, 'etc/sudoers'), 0o440);
  symlinkSync('motd', join(tree, 'etc/link'));
  mkdirSync(join(tree, 'etc/empty.d'), { mode: 0o750 });
  const before = await look(tree);
  change(tree);
  const after = await look(tree);
  const commands = undo(before, after);
  execFileSync('sh', ['-e', '-c', commands.join('\n')], { cwd: deploymentWith(before), timeout: 30_000 });
  return { commands, before, restored: await look(tree) };
}

const write = (path: string, text: string) => (tree: string) => writeFileSync(join(tree, path), text);

it.each<[string, (tree: string) => void]>([
  ['a changed file', write('etc/motd', 'owned\n')],
  ['an emptied file', write('etc/motd', '')],
  ['a file that was empty', write('etc/empty', 'x')],
  ['a file with a byte order mark', write('etc/bom', 'without')],
  ['a file whose name is code', write('etc/a b; $(id)', 'x')],
  ['a file whose name breaks the line', write('etc/line\nbreak', 'y')],
  ['a new file', write('etc/cron.d', '* * * * * root evil\n')],
  ['a new binary', write('etc/tool', 'ELF\0')],
  ['a new folder', (tree) => mkdirSync(join(tree, 'etc/new'))],
  ['a new link', (tree) => symlinkSync('/bin/sh', join(tree, 'etc/new'))],
  ['a deleted file', (tree) => unlinkSync(join(tree, 'etc/motd'))],
  ['a deleted file of few rights', (tree) => unlinkSync(join(tree, 'etc/sudoers'))],
  ['a deleted link', (tree) => unlinkSync(join(tree, 'etc/link'))],
  ['a deleted folder', (tree) => rmSync(join(tree, 'etc/empty.d'), { recursive: true })],
  ['a mode', (tree) => chmodSync(join(tree, 'etc/sudoers'), 0o666)],
  [
    'a link to elsewhere',
    (tree) => {
      unlinkSync(join(tree, 'etc/link'));
      symlinkSync('/etc/passwd', join(tree, 'etc/link'));
    },
  ],
  [
    'a file in the place of a link',
    (tree) => {
      unlinkSync(join(tree, 'etc/link'));
      writeFileSync(join(tree, 'etc/link'), 'x');
    },
  ],
  [
    'a folder in the place of a link',
    (tree) => {
      unlinkSync(join(tree, 'etc/link'));
      mkdirSync(join(tree, 'etc/link'));
    },
  ],
  [
    'a file in the place of a folder',
    (tree) => {
      rmSync(join(tree, 'etc/empty.d'), { recursive: true });
      writeFileSync(join(tree, 'etc/empty.d'), 'x');
    },
  ],
  [
    'a link in the place of a file',
    (tree) => {
      unlinkSync(join(tree, 'etc/motd'));
      symlinkSync('sudoers', join(tree, 'etc/motd'));
    },
  ],
])('%s is put back', async (_, change) => {
  const { before, restored } = await carriedOut(change);
  expect([...restored]).toEqual([...before]);
});

it.runIf(process.getuid?.() === 0)('an owner is put back, and the mode after it', async () => {
  const { before, restored } = await carriedOut((tree) => chownSync(join(tree, 'etc/sudoers'), 1, 1));
  expect([...restored]).toEqual([...before]);
});

it('nothing is emptied where the repository is not', async () => {
  const tree = makeRoot({ 'etc/motd': 'hello\n' });
  const before = await look(tree);
  writeFileSync(join(tree, 'etc/motd'), 'changed\n');
  const commands = undo(before, await look(tree));
  expect(() => execFileSync('sh', ['-c', commands.join('\n')], { cwd: makeRoot(), stdio: 'ignore' })).toThrow();
  expect(readFileSync(join(tree, 'etc/motd'), 'utf8')).toBe('changed\n');
});

it('what was redacted is told and never written', async () => {
  const secret = 'password = hunter2-correct-horse-battery\n';
  const tree = makeRoot({ 'etc/app.conf': secret });
  const before = await look(tree);
  expect(Buffer.from([...before.values()].find(({ ref }) => ref.kind === 'host.file')?.bytes ?? []).toString()).toContain('«redacted:');
  writeFileSync(join(tree, 'etc/app.conf'), 'password = changed-to-something-else-1\n');
  const commands = undo(before, await look(tree));
  expect(commands.at(-1)).toBe('# it holds secrets that are not kept: put the lines back by hand');
  expect(commands.join('\n')).not.toContain('>');
});

it('what is not kept is told', async () => {
  const tree = makeRoot({ 'etc/tool': 'ELF\0one', 'etc/gone': 'ELF\0two' });
  const before = await look(tree);
  writeFileSync(join(tree, 'etc/tool'), 'ELF\0three');
  unlinkSync(join(tree, 'etc/gone'));
  const commands = undo(before, await look(tree));
  expect(commands).toHaveLength(2);
  for (const command of commands) expect(command).toMatch(/^# of .* is not kept: bring it back from a backup$/);
});

it('a name that ends in a line break is told, for the shell would mean another file', async () => {
  const tree = makeRoot({ 'etc/x': 'innocent', 'etc/x\n': 'old' });
  const before = await look(tree);
  unlinkSync(join(tree, 'etc/x\n'));
  expect(lstatSync(join(tree, 'etc/x')).isFile()).toBe(true);
  expect(undo(before, await look(tree)).every((command) => command.startsWith('# the name of '))).toBe(true);
});
