import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folder, write } from './run.ts';

interface Reported {
  readonly findings: readonly {
    readonly transient: boolean;
    readonly resource: { readonly kind: string };
    readonly edits: readonly { readonly path: string }[];
    readonly attribution: { readonly actor: { readonly name: string; readonly via: string } };
    readonly threat: { readonly level: string; readonly rules: readonly string[] };
    readonly undo: readonly string[];
  }[];
}

test('names who deleted the default route, how, and the command that puts it back; repeating it harms nothing', async () => {
  const dir = join(folder(), 'demo');
  // As a call leaves it that is killed while it makes the folder.
  write(dir, { 'state/quickstart.json': JSON.stringify({ now: `${new Date().toISOString().slice(0, 19)}Z`, mode: 'replay', done: [] }) });
  writeFileSync(join(dir, 'state/key'), Buffer.alloc(32, 7), { mode: 0o600 });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', join(dir, 'snapshots')]);
  const first = await cli(['quickstart', dir]);
  expect([0, 3], first.stderr).toContain(first.code);
  expect(first.stdout).toContain('0.0.0.0/0');
  expect(first.stderr).toContain('Next:');
  const { findings } = JSON.parse((await cli(['--dir', dir, 'report', '--json'])).stdout) as Reported;
  const route = findings.find(({ threat }) => threat.rules.includes('default-route-removed'));
  expect(route).toMatchObject({ transient: false, attribution: { actor: { name: 'DevOpsEngineer1', via: 'console' } } });
  expect(route?.undo.join('\n')).toContain('aws ec2 create-route');
  const ssh = findings.find(({ transient }) => transient);
  expect(ssh?.resource.kind).toBe('aws.ec2.security-group');

  const commits = (format = '%H') =>
    execFileSync('git', ['-C', join(dir, 'snapshots'), 'log', `--format=${format}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
  // What the README tells people to type finds something here.
  const [, author = ''] =
    /git log attributed --author=(\S+?)`/.exec(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')) ?? [];
  const theirs = execFileSync('git', ['-C', join(dir, 'snapshots'), 'log', 'attributed', `--author=${author}`, '--format=%an'], {
    encoding: 'utf8',
  });
  expect(theirs).toContain(author);
  // `git log -p` begins with the story, not with this machine's hundreds of files.
  const told = commits('%s').map((subject) => subject.split(' ')[0]);
  // What this machine did meanwhile may come on top.
  expect(told.slice(told.indexOf('aws'))).toEqual(['aws', 'aws', 'aws', 'hosts', 'Begin']);
  const before = commits();
  const again = await cli(['quickstart', dir]);
  expect(again.stderr).toContain('is there already: going on with it');
  expect(commits().slice(-before.length)).toEqual(before);
  expect((await cli(['quickstart', dir, '--aws'])).stderr).toContain('was made without --aws');
});

test('leaves a folder of somebody else alone', async () => {
  const dir = folder({ precious: 'data' });
  const { code, stderr } = await cli(['quickstart', dir]);
  expect(code).toBe(1);
  expect(stderr).toContain('was not made by quickstart');
  expect(existsSync(join(dir, 'drifttrail.yaml'))).toBe(false);
});

test('events ranks a raw trail without a deployment', async () => {
  const trail = join(import.meta.dirname, '../../examples/demo/trail.jsonl');
  const { code, stdout } = await cli(['events', trail, '--json']);
  expect(code).toBe(0);
  const { findings } = JSON.parse(stdout) as Reported;
  expect(findings[0]?.threat.level).toBe('critical');
  expect(
    findings.some(
      ({ threat, attribution }) => threat.rules.includes('default-route-removed') && attribution.actor.name === 'DevOpsEngineer1',
    ),
  ).toBe(true);
  expect(findings.every(({ transient }) => !transient)).toBe(true);
  const all = JSON.parse((await cli(['events', trail, '--json', '--all'])).stdout) as Reported;
  expect(all.findings.length).toBeGreaterThan(findings.length);
});

test('events says that a file does not exist', async () => {
  expect((await cli(['events', join(folder(), 'none.json')])).stderr).toMatch(/^drifttrail: .*none\.json does not exist; /);
});
