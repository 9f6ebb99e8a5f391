/** The facts of an image become the expected files; what this machine says of itself is written without loss. */
import { conformance, filesOf } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import exporter from '../../exporters/host/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { realSurroundings } from '../../src/surroundings.ts';

// Modes and owners of a checkout are the checkout's: the files themselves are tested in host/files.test.ts.
const web = {
  name: 'web',
  folder: new URL('../fixtures/host/web/', import.meta.url),
  options: (recording: string) => ({ root: recording, files: [] }),
};
conformance(exporter, [web], { describe, it, expect });

it('tells of this machine without taking a fact for a secret, and when idle the same twice', { timeout: 120_000 }, async () => {
  const deps = { surroundings: realSurroundings('/'), signal: AbortSignal.timeout(60_000), progress: () => undefined };
  const read = async () => filesOf(exporter, (await collect(exporter, exporter.options.parse({ name: 'here' }), deps)).resources);
  const first = await read();
  // Other tests open and close ports meanwhile.
  const steady = (files: ReadonlyMap<string, Uint8Array>) =>
    [...files]
      .filter(([path]) => !path.endsWith('/sockets.json'))
      .map(([path, bytes]) => `${path} ${Buffer.from(bytes).toString('base64')}`);
  expect(steady(await read())).toEqual(steady(first));
  const facts = [...first].filter(([path]) => path.startsWith('hosts/here/facts/') && !/\/(cron|os)\.json$|\/file-metadata\//.test(path));
  expect(facts.length).toBeGreaterThan(4);
  expect(facts.filter(([, bytes]) => Buffer.from(bytes).includes('«redacted:')).map(([path]) => path)).toEqual([]);
});
