import { describe, expect, it } from 'vitest';
import { encode, framed } from '../../hooks/syslog/encode.ts';
import syslog from '../../hooks/syslog/index.ts';
import { findingOf, messageOf, nastiest, PAYLOADS } from '../notify/findings.ts';
import { contextOf } from './context.ts';

const OPTIONS = { facility: 16, hostname: 'web01', appName: 'drifttrail', most: 2048 };
const TIME = '2026-01-14T12:00:00.000Z';
/** The grammar of RFC 5424 as far as we write it. */
const LINE =
  /^<(?<pri>\d{1,3})>1 (?<time>\S+) (?<host>[!-~]{1,255}) (?<app>[!-~]{1,48}) (?<pid>[!-~]{1,128}) (?<id>[!-~]{1,32}) (?<data>-|\[drifttrail@32473(?: [A-Za-z]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\]) \ufeff(?<text>[^\n]*)$/u;

describe('syslog', () => {
  it('writes one message a finding, with the severity of its level and what to search by', () => {
    const lines = encode(messageOf({ findings: [findingOf(), findingOf({ id: 'f-2', level: 'critical' })] }), TIME, OPTIONS).map(String);
    expect(lines[0]).toMatch(LINE);
    const { pri, time, host, app, id, data, text } = LINE.exec(lines[0] ?? '')?.groups ?? {};
    expect({ pri, time, host, app, id }).toEqual({ pri: '131', time: TIME, host: 'web01', app: 'drifttrail', id: 'changes' });
    for (const field of ['finding="f-000000000001"', 'level="high"', 'actor="alice"', 'via="console"', 'event="DeleteRoute"'])
      expect(data).toContain(field);
    expect(text).toContain('the default route is gone');
    expect(LINE.exec(lines[1] ?? '')?.groups?.['pri']).toBe('130');
  });

  it.each([2048, 8192, 480])('stays within %i octets and within the grammar with the nastiest message', (most) => {
    for (const message of [nastiest(), { ...nastiest(), findings: [] }]) {
      const hostname = `h ${'ü'.repeat(400)}`;
      for (const bytes of encode(message, TIME, { ...OPTIONS, hostname: most < 500 ? 'h' : hostname, appName: 'a b'.repeat(40), most })) {
        expect(bytes.length).toBeLessThanOrEqual(most);
        expect(bytes.toString()).toMatch(LINE);
        expect(bytes.toString()).not.toContain('ASIACREDENTIAL');
      }
    }
  });

  it.each(PAYLOADS.map((payload) => [JSON.stringify(payload), payload] as const))(
    '%s begins no message and ends no element',
    (_, payload) => {
      const bad = `${payload}"] [x@1 y="z\\`;
      const ref = { scope: bad, kind: bad, id: bad };
      const [bytes] = encode(
        messageOf({ findings: [findingOf({ change: { type: 'modified', ref, path: bad, edits: [] } })] }),
        TIME,
        OPTIONS,
      );
      expect(bytes?.toString()).toMatch(LINE);
    },
  );

  it('counts octets, not characters, before each message of a stream', () => {
    expect(framed([Buffer.from('a ü'), Buffer.from('b\nc')]).toString()).toBe('4 a ü3 b\nc');
  });

  it('sends one datagram a message, and needs no more than a host', async () => {
    const context = contextOf(syslog.options.parse({ host: 'logs.example', protocol: 'udp' }));
    expect(await syslog.deliver(messageOf(), AbortSignal.timeout(1000), context)).toMatchObject({ status: 'delivered' });
    expect(context.packets).toHaveLength(1);
  });
});
