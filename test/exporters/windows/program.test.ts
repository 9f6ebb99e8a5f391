/** What is sent to a machine: words that no shell acts upon, and settings that PowerShell reads as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/windows/index.ts';
import { literal } from '../../../exporters/windows/powershell.ts';
import { exposed } from '../../../exporters/windows/sections/exposed.ts';
import { idOf } from '../../../exporters/windows/sections/files.ts';
import { SECTIONS } from '../../../exporters/windows/sections/index.ts';
import { first, player, snapshot } from './play.ts';

const calls = new URL('calls/', first).pathname;

/** What PowerShell makes of such an expression: quotes, doubled quotes, `+`, characters by number. */
function evaluated(expression: string): string {
  const parts = expression.matchAll(/(['‘’‚‛])((?:[^'‘’‚‛]|['‘’‚‛]{2})*)\1|\[string\]\[char\](\d+)/gu);
  return [...parts]
    .map(([, , quoted, unit]) => (unit === undefined ? (quoted ?? '').replaceAll(/(['‘’‚‛])./gu, '$1') : String.fromCharCode(Number(unit))))
    .join('');
}

describe('the program', () => {
  it('quotes any text on one line', () => {
    const nasty = fc.string({ unit: fc.constantFrom("'", '’', '\n', '$', '`', '"', ' ', ')', '\u202e') });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nasty), (text) => {
        const expression = literal(text);
        expect(expression).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(evaluated(expression)).toBe(text);
      }),
    );
  });

  it('goes over one log-in, through standard input, by words that mean the same to every shell', async () => {
    const seen: NonNullable<Parameters<typeof player>[1]>['calls'] = [];
    await snapshot(player(calls, { calls: seen }), {
      hosts: [{ name: 'first', address: 'win01', user: 'drift', port: 2222 }],
      registry: ["HKLM\\SOFTWARE\\It's", 'HKLM\\SOFTWARE\\Acme\\**'],
      without: ['program'],
    });
    const [call] = seen;
    const words = call?.args ?? [];
    const command = words.slice(words.indexOf('--') + 2);
    expect(words.slice(0, words.indexOf('--'))).toEqual(
      expect.arrayContaining(['BatchMode=yes', 'StrictHostKeyChecking=yes', '-p', '2222']),
    );
    expect(command.join(' ')).toMatch(
      /^powershell\.exe -NoLogo -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand [A-Za-z0-9+/=]+$/,
    );
    const loader = Buffer.from(command.at(-1) ?? '', 'base64').toString('utf16le');
    expect(loader).toContain('[Console]::OpenStandardInput()');
    expect(loader).not.toMatch(/\$input/i);
    expect(call?.program).toContain("$registry = @('HKLM\\SOFTWARE\\It''s', 'HKLM\\SOFTWARE\\Acme\\**')");
    expect(/\$wanted = (.*)/.exec(call?.program ?? '')?.[1]).not.toContain("'program'");
    expect(call?.options).toMatchObject({ group: true, timeout: expect.any(Number) });
  });

  it('asks for every section that is read, and for no other', async () => {
    const seen: NonNullable<Parameters<typeof player>[1]>['calls'] = [];
    await snapshot(player(calls, { calls: seen }));
    const asked = [...(seen[0]?.program.matchAll(/^Section '([a-z-]+)'/gm) ?? [])].map(([, word]) => word);
    expect(asked.sort()).toEqual(SECTIONS.map(({ word }) => word).sort());
    expect(seen[0]?.program.startsWith('& {\n')).toBe(true);
    expect(seen[0]?.program.endsWith('}\n')).toBe(true);
  });

  it('takes no word of the configuration for an option of ssh, a program or a place that is none', () => {
    const bad = [
      { hosts: [] },
      { hosts: ['-oProxyCommand=x'] },
      { hosts: ['a b'] },
      { registry: ['HKCU\\Software'] },
      { files: ['relative.txt'] },
      { without: ['nothing'] },
    ];
    for (const options of bad)
      expect(exporter.options.safeParse({ hosts: ['win01'], ...options }).success, JSON.stringify(options)).toBe(false);
  });
});

describe('what comes back', () => {
  it.each([
    ['agent.exe --password hunter2 --port 1', 'agent.exe --password <secret-1> --port 1', ['hunter2']],
    ['schtasks /rp "two words" /tn x', 'schtasks /rp <secret-1> /tn x', ['two words']],
    ['x /p:abc --api-key=k1 -Token:t2', 'x /p:<secret-1> --api-key=<secret-2> -Token:<secret-3>', ['abc', 'k1', 't2']],
    ['x -dbPassword s3', 'x -dbPassword <secret-1>', ['s3']],
    ['svchost.exe -k netsvcs -p', 'svchost.exe -k netsvcs -p', []],
    ['x -password -verbose', 'x -password -verbose', []],
  ])('has its secrets apart: %s', (line, text, secrets) => {
    expect(exposed(line)).toEqual({
      text,
      ...(secrets.length === 0 ? {} : { secret: Object.fromEntries(secrets.map((each, index) => [String(index + 1), each])) }),
    });
  });

  it('names a file alike however it is spelt', () => {
    expect(new Set(['C:\\Sites\\Web.config', 'c:/sites//web.CONFIG'].map(idOf))).toEqual(new Set(['c/sites/web.config']));
  });
});
