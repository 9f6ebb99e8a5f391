import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { sample } from '../../src/cli/unattended.ts';
import { cli, folder } from './run.ts';

const NASTY = `/srv/o'p"s 100% $HOME \\n;&|`;
/** Prints its arguments, one a line. */
const echo = { node: '/usr/bin/printf', cli: '%s\\n' };

test('the cron line names what it runs, whatever characters the path has', () => {
  const [line = ''] = sample('cron', NASTY, 'ops', echo)
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'));
  const [, user, command = ''] = /^\*\/5 \* \* \* \* (\S+) (.*) 2>&1 >\/dev\/null \| logger -t drifttrail$/.exec(line) ?? [];
  expect(user).toBe('ops');
  expect(command).not.toMatch(/(?<!\\)%/); // cron would end the line there
  const told = execFileSync('/bin/sh', ['-c', command.replaceAll('\\%', '%')], { encoding: 'utf8' });
  expect(told.split('\n').slice(0, -1)).toEqual(['--dir', NASTY, 'snapshot']);
});

test('so does the unit', () => {
  const unit = sample('systemd', NASTY, 'ops', echo);
  const words = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const read = (word: string) =>
    word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$') : word;
  expect(words.map(read)).toEqual([echo.node, echo.cli, '--dir', NASTY, 'daemon']);
  expect(unit).toMatch(/^User=ops$/m);
});

test('a path with a line break fits into neither', () => {
  expect(() => sample('cron', '/srv/a\n* * * * * root reboot', 'ops')).toThrow(expect.objectContaining({ code: 'path-unfit' }));
});

test('init --print makes nothing', async () => {
  const dir = join(folder(), 'ops');
  const [unit, job, wrong] = await Promise.all([
    cli(['init', '--print', 'systemd', dir]),
    cli(['init', '--print', 'cronjob', dir]),
    cli(['init', '--print', 'upstart', dir]),
  ]);
  expect(unit).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`--dir "${dir}" daemon`) });
  expect(unit.stdout).not.toMatch(/@[A-Z]+@/);
  expect(job.stdout).toBe(readFileSync(new URL('../../deploy/kubernetes/cronjob.yaml', import.meta.url), 'utf8'));
  expect(parseAllDocuments(job.stdout).at(-1)?.toJS()).toMatchObject({ kind: 'CronJob' });
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('systemd, cron, cronjob') });
  expect(existsSync(dir)).toBe(false);
});
