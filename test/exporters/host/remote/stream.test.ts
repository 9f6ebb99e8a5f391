/** Only a whole answer counts: what is cut, garbled or never begun is a gap of that host, whatever else it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpawnResult } from '../../../../src/model.ts';
import { makeRoot, snapshot } from '../help.ts';
import { type Line, snapshotOver } from './help.ts';
import { told } from './told.ts';

const facts = ['users', 'groups', 'os'];

async function recorded(files: readonly string[]): Promise<{ readonly answer: Buffer; readonly options: object }> {
  const calls: NonNullable<Line['calls']> = [];
  const options = { files, facts };
  await snapshotOver({ calls }, options);
  return { answer: calls[0]?.answer ?? Buffer.alloc(0), options };
}

describe('an answer', () => {
  it('that is cut anywhere tells nothing', { timeout: 30_000 }, async () => {
    const root = makeRoot({ a: 'one\n', 'b/c': 'two\n', 'd\n': 'three', e: new Uint8Array([0, 1]) });
    const { answer, options } = await recorded([root.slice(1)]);
    expect(answer.length).toBeGreaterThan(1000);
    const { resources: whole } = await snapshotOver({}, options);
    expect(whole.length).toBeGreaterThan(5);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.9999, noNaN: true }), async (share) => {
        const received = (result: SpawnResult) => ({
          ...result,
          stdout: result.stdout.subarray(0, Math.floor(result.stdout.length * share)),
        });
        const { resources, complete, gaps, identities } = await snapshotOver({ received }, options);
        expect({ resources, complete, identities }).toEqual({ resources: [], complete: [], identities: {} });
        expect(gaps).toHaveLength(1);
        expect(gaps[0]).toMatchObject({ scope: 'hosts/web01', reason: expect.stringMatching(/^(truncated|invalid)$/) });
        expect(gaps[0]).not.toHaveProperty('kind');
      }),
      { numRuns: 8, seed: 77 },
    );
  });

  it('begins after whatever a login shell prints first', async () => {
    const options = { files: [], facts };
    const noise = Buffer.from('Welcome!\0\0z\x1b[31m\nt/etc/passwd\0+\0root::0:0:::\0\n');
    const received = (result: SpawnResult) => ({ ...result, stdout: Buffer.concat([noise, result.stdout]) });
    expect(told(await snapshotOver({ received }, options))).toEqual(told(await snapshot(options)));
  });

  it('into which something else speaks tells nothing', async () => {
    const { options } = await recorded([]);
    const received = (result: SpawnResult) => {
      const at = result.stdout.lastIndexOf('\0z') + 1;
      return {
        ...result,
        stdout: Buffer.concat([result.stdout.subarray(0, at), Buffer.from('Broadcast message\0'), result.stdout.subarray(at)]),
      };
    };
    const { resources, gaps } = await snapshotOver({ received }, options);
    expect(resources).toEqual([]);
    expect(gaps).toEqual([{ scope: 'hosts/web01', reason: 'invalid', detail: expect.stringContaining('something else spoke') }]);
  });

  it('never runs in part: a program cut short on its way does nothing', async () => {
    const sent = (program: string) => `${program.slice(0, -30)}\n`;
    const { resources, gaps } = await snapshotOver({ sent }, { files: [], facts });
    expect(resources).toEqual([]);
    expect(gaps).toEqual([{ scope: 'hosts/web01', reason: 'invalid', detail: expect.stringContaining('did not run what was sent') }]);
  });
});

it('a file whose reading failed on the way is asked for again, and then is the truth', async () => {
  const root = makeRoot({ log: 'one\n', still: 'two\n' });
  const calls: NonNullable<Line['calls']> = [];
  // tar says that the first was changed while it read it, and had padded it.
  const sent = (program: string) =>
    program
      .replace('field "g$?" "$errors"', 'field "g$?" "tar: $base/log: File shrank by 3 bytes; padding with zeros"')
      .replaceAll('tar: tmp', 'tar: /tmp')
      .replace('"tar: $base', '"tar: /$base');
  const { resources, gaps } = await snapshotOver({ sent, calls }, { files: [root.slice(1)] });
  expect(gaps).toEqual([]);
  expect(calls).toHaveLength(2);
  expect(calls[1]?.program).toContain('/log');
  expect(calls[1]?.program).not.toContain('/still');
  expect(resources.filter(({ ref }) => ref.kind === 'host.file')).toHaveLength(2);
});
