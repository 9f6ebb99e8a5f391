import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { calledCommand, createProgram } from '../../src/cli/program.ts';
import { processSession } from '../../src/cli/session.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { ARGV, cli, folder } from './run.ts';

const program = await createProgram(processSession(realSurroundings(), new AbortController().signal));

test('help goes to stdout with examples first', async () => {
  const { code, stdout, stderr } = await cli(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Examples:\n {2}drifttrail quickstart /);
  for (const { name } of program.commands.map((command) => ({ name: command.name() }))) expect(stdout).toContain(`  ${name} `);
});

test('every command registers itself once, with a summary', () => {
  const names = program.commands.map((command) => command.name());
  expect(names).toHaveLength(commands.length);
  expect(new Set(names).size).toBe(names.length);
  for (const command of program.commands) expect(command.summary(), command.name()).not.toBe('');
});

test('no command at all is wrong usage', async () => {
  const { code, stdout, stderr } = await cli([]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Usage: drifttrail');
});

test.each([
  [['snapshto'], `drifttrail: unknown command 'snapshto'; did you mean snapshot?\n`],
  [['report', '--sinec', '2h'], `drifttrail: unknown option '--sinec'; did you mean --since?\n`],
  [['report', '--since', '2x'], `drifttrail: "2x" is not a time; write 24h, 7d, 2026-11-18 or 2026-11-18T09:30Z\n`],
  [['log', '-n', 'many'], `drifttrail: option '-n, --max <count>' argument 'many' is invalid. Write a whole number above zero.\n`],
  [['report', '--json', '--format', 'csv'], 'drifttrail: --json and --format csv contradict each other; give one of them\n'],
  [
    ['report', '--group-by', 'actor', '--format', 'csv'],
    'drifttrail: --group-by and --format csv contradict each other; group it as text, markdown, html or json\n',
  ],
  [
    ['init', '/proc/ops/prod'],
    'drifttrail: cannot make /proc/ops/prod: no folder can be made there; choose a folder that you may write to\n',
  ],
  [['undo'], `drifttrail: missing required argument 'finding'\n`],
])('%j: one line on stderr, exit code 1', async (args, line) => {
  expect(await cli(args)).toEqual({ code: 1, stdout: '', stderr: line });
});

test('a folder that is no deployment is named with what to do', async () => {
  const dir = folder();
  const { code, stdout, stderr } = await cli(['log', '--dir', dir]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `drifttrail: ${dir} is not a deployment: it has no drifttrail.yaml; make one with: drifttrail init, or name it with --dir\n`,
  );
});

test('a mistake in the configuration is named by file, line and column, without a stack', async () => {
  const dir = folder({ 'drifttrail.yaml': 'exporters:\n  - use: host\nremotte: x\n' });
  const { code, stderr } = await cli(['--dir', dir, 'log']);
  expect(code).toBe(1);
  expect(stderr).toBe(`drifttrail: ${join(dir, 'drifttrail.yaml')}:3:1: unknown key "remotte"; did you mean "remote"?\n`);
});

test('the deployment can be named by the environment', async () => {
  const { stderr } = await cli(['log'], { env: { DRIFTTRAIL_DIR: '/nowhere' } });
  expect(stderr).toContain('/nowhere is not a deployment');
});

test('a reader that leaves early is no error', async () => {
  const child = spawn(process.execPath, [...ARGV, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.destroy();
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('the schema knows the options of built-in plug-ins', async () => {
  const { code, stdout } = await cli(['schema']);
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as {
    properties: { exporters: { items: { allOf: { if: { properties: { use: { const: string } } }; then: { properties: object } }[] } } };
  };
  const host = schema.properties.exporters.items.allOf.find((entry) => entry.if.properties.use.const === 'host');
  expect(Object.keys(host?.then.properties ?? {})).toContain('root');
});

test('permissions outside a deployment are those of all AWS plug-ins', async () => {
  const { code, stdout } = await cli(['permissions', '--dir', folder()]);
  expect(code).toBe(0);
  const policy = JSON.parse(stdout) as { Version: string; Statement: { Action: string[]; Resource: string }[] };
  const actions = policy.Statement[0]?.Action ?? [];
  expect(policy.Version).toBe('2012-10-17');
  expect(actions).toEqual([...new Set(actions)].sort());
  expect(actions).toEqual(expect.arrayContaining(['cloudtrail:LookupEvents', 'ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups']));
  // What is asked for only reads.
  for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:(Describe|List|Get|Lookup|Search|Assume|Generate)/);
});

test.each(['bash', 'zsh', 'fish'])('completion for %s names every command', async (shell) => {
  const { code, stdout } = await cli(['completion', shell]);
  expect(code).toBe(0);
  for (const command of program.commands) expect(stdout).toContain(command.name());
});

test('the bash completion completes', async () => {
  const { stdout } = await cli(['completion', 'bash']);
  const complete = (words: string) =>
    new Promise<string>((resolve) => {
      const child = spawn('bash', [
        '--norc',
        '-c',
        `${stdout}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _drifttrail; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ]);
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      child.on('close', () => resolve(text.trim()));
    });
  expect(await complete('drifttrail snap')).toBe('snapshot');
  expect(await complete('drifttrail report --format j')).toBe('json');
  expect(await complete('drifttrail --dir x snapshot --dry')).toBe('--dry-run');
});

test('the version is that of the package', async () => {
  const file = join(import.meta.dirname, '../../package.json');
  expect(existsSync(file)).toBe(true);
  expect((await cli(['--version'])).stdout.trim()).toBe((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
});

test.each([
  [['report', '--since', '2h'], 'report'],
  [['--dir', 'snapshot', 'log'], 'log'],
  [['--dir=x', 'help', 'why'], 'why'],
  [['--help'], undefined],
])('%j calls %s', (args, name) => expect(calledCommand(args)).toBe(name));

test('the help of one command tells its options', async () => {
  const { code, stdout } = await cli(['help', 'snapshot']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Examples:\n {2}drifttrail snapshot .*--dry-run/s);
});
