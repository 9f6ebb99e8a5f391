/** Records the fixture from moto: `node scripts/run-ts.mjs test/exporters/aws/record.ts`. Look at the difference before you commit it. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exporter from '../../../exporters/aws/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { startEndpoint } from '../../aws/endpoint/endpoint.ts';
import { seedIdentities, seedNetwork } from './seed.ts';

export const REGION = 'eu-west-1';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

async function record(endpoint: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  Object.assign(process.env, CREDENTIALS);
  const options = exporter.options.parse({ endpoint, regions: [REGION], rate: 100, record: folder });
  const snapshot = await collect(exporter, options, {
    surroundings: realSurroundings(),
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  if (snapshot.gaps.length > 0) throw new Error(`gaps: ${JSON.stringify(snapshot.gaps)}`);
  await rewrite(folder, (line) => line);
}

/** Sorted, so that the file does not depend on which answer came first. */
async function rewrite(folder: string, change: (line: string) => string): Promise<void> {
  for (const name of await readdir(folder)) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n').filter((line) => line !== '');
    await writeFile(join(folder, name), `${lines.map(change).sort().join('\n')}\n`);
  }
}

/** The state before, as an answer a second earlier has it. */
const ON_THE_WAY: Readonly<Record<string, string>> = {
  available: 'pending',
  associated: 'associating',
  attached: 'attaching',
  enabled: 'enabling',
  succeeded: 'associating',
  'in-use': 'attaching',
};

/** What AWS does by itself: other orders, fewer free addresses, tunnels that report, states not yet reached. */
function noisy(line: string): string {
  return JSON.stringify(JSON.parse(line), (name, value: unknown) => {
    if (typeof value === 'string' && /^(State|Status)$/.test(name)) return ON_THE_WAY[value] ?? value;
    if (name === 'AvailableIpAddressCount') return Number(value) - 1;
    if (name === 'VgwTelemetry') return [{ Status: 'UP', AcceptedRouteCount: 3, OutsideIpAddress: '192.0.2.9' }];
    return Array.isArray(value) && name !== 'Values' && name !== 'Statement' ? [...value].reverse() : value;
  });
}

const root = fileURLToPath(new URL('../../fixtures/aws/network-and-identities/', import.meta.url));
const aws = await startEndpoint();
try {
  const endpoint = aws.url;
  await fetch(`${endpoint}/moto-api/seed?a=7`, { method: 'POST' });
  await seedNetwork(endpoint, REGION);
  await seedIdentities(endpoint);
  await record(endpoint, join(root, 'calls'));
  await record(endpoint, join(root, 'quiet'));
  await rewrite(join(root, 'quiet'), noisy);
} finally {
  await aws.stop();
}
