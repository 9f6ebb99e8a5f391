import { expect, it } from 'vitest';
import { chunked, encode } from '../../hooks/gelf/encode.ts';
import gelf from '../../hooks/gelf/index.ts';
import { messageOf, nastiest } from '../notify/findings.ts';
import { contextOf, UNSEEN } from './context.ts';

const NOW = new Date('2026-01-14T12:00:00.500Z');

it('writes one record a finding, with fields to search by', () => {
  expect(encode(messageOf(), 'web01', NOW)).toMatchObject([
    {
      version: '1.1',
      host: 'web01',
      timestamp: 1768392000.5,
      level: 3,
      _change_id: 'f-000000000001',
      _actor: 'alice',
      _threat: 'high',
      _score: 82,
    },
  ]);
  expect(encode(messageOf({ kind: 'test', findings: [] }), '', NOW)).toMatchObject([{ host: '-', level: 5 }]);
});

it('keeps to GELF and to 128 chunks, each with its number, with the largest and nastiest message', () => {
  for (const record of encode(nastiest(), 'h', NOW)) {
    for (const [name, value] of Object.entries(record)) {
      expect(name).toMatch(/^(?:version|host|short_message|full_message|timestamp|level|_[\w.-]+)$/);
      expect(name).not.toBe('_id');
      if (name !== 'full_message') expect(String(value)).not.toMatch(UNSEEN);
    }
    const bytes = Buffer.from(JSON.stringify(record));
    const chunks = chunked(bytes);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.length).toBeLessThanOrEqual(128);
    expect(Buffer.concat(chunks.map((chunk) => chunk.subarray(12)))).toEqual(bytes);
    chunks.forEach((chunk, index) => {
      expect(chunk.length).toBeLessThanOrEqual(1420);
      expect([...chunk.subarray(0, 2), ...chunk.subarray(10, 12)]).toEqual([0x1e, 0x0f, index, chunks.length]);
    });
  }
});

it('refuses what 128 chunks do not hold, and leaves a small record whole', () => {
  expect(chunked(Buffer.from('{}'))).toEqual([Buffer.from('{}')]);
  expect(() => chunked(Buffer.alloc(1409 * 128))).toThrow(RangeError);
  expect(chunked(Buffer.alloc(1408 * 128))).toHaveLength(128);
});

it('sends datagrams', async () => {
  const context = contextOf(gelf.options.parse({ host: 'g.example', protocol: 'udp' }));
  await gelf.deliver(messageOf(), AbortSignal.timeout(1000), context);
  expect(JSON.parse(Buffer.from(context.packets[0] ?? []).toString())).toMatchObject({ version: '1.1' });
});
