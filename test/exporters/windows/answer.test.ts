/** Half an answer is none; what a machine could not tell is a gap of that kind alone. */
import { describe, expect, it } from 'vitest';
import type { SpawnResult } from '../../../src/model.ts';
import { first, player, snapshot } from './play.ts';

const calls = new URL('calls/', first).pathname;
const KINDS = 13;
type Change = (text: string) => string;

const replaced =
  (section: string, end: object): Change =>
  (text) => {
    const mark = text.slice(0, 33);
    const lines = text.split('\n');
    const own = lines.filter((line) => line.includes(`"section": "${section}"`));
    const kept = lines.filter((line) => !own.includes(line) && !line.startsWith(`${mark}{"end"`) && line !== '');
    return [...kept, `${mark}${JSON.stringify({ section, ...end })}`, `${mark}{"end":${kept.length + 1}}`, ''].join('\n');
  };

describe('windows', () => {
  it('takes a whole answer, says which machine it was, and skips what was printed before it', async () => {
    for (const change of [(text) => text, (text) => `Microsoft Windows [Version 10.0]\r\n${text.replaceAll('\n', '\r\n')}`] as Change[]) {
      const { complete, gaps, identities } = await snapshot(player(calls, { change }));
      expect(gaps).toEqual([]);
      expect(complete).toHaveLength(KINDS);
      expect(identities).toEqual({ 'hosts/win01': '2f1c7c52-7a0e-4a6f-9a55-6d9c1e0b7a11' });
    }
  });

  it('counts nothing of an answer that is cut anywhere', async () => {
    const whole: string[] = [];
    await snapshot(player(calls, { change: (text) => whole[whole.push(text) - 1] ?? text }));
    const length = whole[0]?.length ?? 0;
    for (let step = 0; step < 60; step++) {
      const at = Math.floor(((length - 2) * step) / 60);
      const { gaps, resources, complete } = await snapshot(player(calls, { change: (text) => text.slice(0, at) }));
      expect([resources, complete, gaps.length, gaps[0]?.kind]).toEqual([[], [], 1, undefined]);
    }
  });

  it.each<[string, Change, string, RegExp]>([
    ['a line of somebody else', (text) => text.replace('\n', '\nThe system will restart\n'), 'invalid', /^line 2 of the answer/],
    [
      'a line that is lost',
      (text) =>
        text
          .split('\n')
          .filter((_, index) => index !== 5)
          .join('\n'),
      'truncated',
      /lines of the answer came/,
    ],
    ['no end', (text) => text.split('\n').slice(0, -2).join('\n'), 'truncated', /cut in the middle/],
  ])('takes %s for a gap of the machine', async (_what, change, reason, detail) => {
    const { gaps, resources } = await snapshot(player(calls, { change }));
    expect(resources).toEqual([]);
    expect(gaps).toEqual([{ scope: 'hosts/win01', reason, detail: expect.stringMatching(detail) }]);
  });

  it.each<[string, string, object, string, RegExp]>([
    [
      'a right that is missing',
      'user',
      { error: 'Access is denied.\r\n', denied: true },
      'denied',
      /^Access is denied\.; log in as an administrator.*\[user\]/,
    ],
    ['a command that fails', 'share', { error: 'The Server service is not started.', denied: false }, 'invalid', /without: \[share\]/],
    ['a row that is none', 'hotfix', { row: { id: 7 } }, 'truncated', /said nothing/],
  ])('takes %s for a gap of that kind', async (_what, section, end, reason, detail) => {
    const { gaps, complete, resources } = await snapshot(player(calls, { change: replaced(section, end) }));
    expect(gaps).toEqual([{ scope: 'hosts/win01', kind: `windows.${section}`, reason, detail: expect.stringMatching(detail) }]);
    expect(complete).toHaveLength(KINDS - 1);
    expect(resources.filter(({ ref }) => ref.kind === `windows.${section}`)).toEqual([]);
  });

  it('keeps the files that it could read beside those that it could not', async () => {
    const change: Change = (text) =>
      text.replace(/(\{"path": "D:[^"]*", )"base64": "[^"]*"/, '$1"error": "Access to the path is denied.", "denied": true');
    const { gaps, complete, resources } = await snapshot(player(calls, { change }));
    expect(gaps).toMatchObject([
      { kind: 'windows.file', reason: 'denied', partial: true, detail: expect.stringMatching(/^D:\\Sites\\Shop\\Web\.config: Access/) },
    ]);
    expect(complete).toHaveLength(KINDS - 1);
    expect(resources.filter(({ ref }) => ref.kind === 'windows.file')).toHaveLength(2);
  });

  it.each<[string, Partial<SpawnResult>, string, RegExp]>([
    [
      'no PowerShell',
      { code: 127, stdout: Buffer.alloc(0), stderr: 'bash: powershell.exe: command not found\n' },
      'invalid',
      /no powershell\.exe.*use: host/,
    ],
    [
      'constrained language',
      {
        code: 1,
        stdout: Buffer.alloc(0),
        stderr:
          '#< CLIXML\n<Objs><S S="Error">New-Object : Cannot create type. Only core types are supported in this language mode._x000D__x000A_</S></Objs>',
      },
      'invalid',
      /constrained language mode.*New-Object/,
    ],
    ['an unknown host key', { code: 255, stdout: Buffer.alloc(0), stderr: 'Host key verification failed.\n' }, 'denied', /ssh win01/],
    ['silence', { code: null, stdout: Buffer.alloc(0) }, 'unreachable', /deadline of 120 s/],
  ])('says what to do about %s', async (_what, answer, reason, detail) => {
    const { gaps } = await snapshot(player(calls, { answer }));
    expect(gaps).toEqual([{ scope: 'hosts/win01', reason, detail: expect.stringMatching(detail) }]);
  });

  it('reads the other machines when one is lost', async () => {
    const { gaps, complete } = await snapshot(
      (command, args, options) =>
        args.includes('lost')
          ? Promise.resolve({ code: 255, stdout: Buffer.alloc(0), stderr: 'Connection refused' })
          : player(calls)(command, args, options),
      { hosts: ['lost', 'win01'] },
    );
    expect(gaps).toMatchObject([{ scope: 'hosts/lost', reason: 'unreachable' }]);
    expect(complete).toHaveLength(KINDS);
  });
});
