/** Plays the demo's story against the endpoint and writes what AWS answered and what CloudTrail kept; format: examples/demo/README.md. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exporter from '../../../exporters/aws/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { describeError } from '../../../src/errors.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { assumedRole } from '../endpoint/callers.ts';
import { type Endpoint, startEndpoint } from '../endpoint/endpoint.ts';
import { ACCOUNT, assemble, REGION } from './cast.ts';
import { buildLandscape } from './landscape.ts';
import { type Act, thursday, wednesday } from './story.ts';

/** Thursday morning: the moment from which the offsets of the manifest count. */
const REFERENCE = '2026-01-15T08:00:00Z';
const PHASES = [
  { name: 'baseline', title: 'Wednesday noon: everything works', at: '2026-01-14T13:00:00Z' },
  { name: 'wednesday', title: 'Wednesday evening, after an experiment with routes', at: '2026-01-14T17:30:00Z' },
  { name: 'thursday', title: 'Thursday morning: builds have stopped', at: '2026-01-15T07:45:00Z' },
] as const;

export async function recordDemo(folder: URL, progress: (text: string) => void): Promise<void> {
  const root = fileURLToPath(folder);
  let now = new Date('2026-01-12T09:00:00Z');
  const endpoint = await startEndpoint({ seed: 20260115, now: () => now });
  try {
    const cast = await assemble(endpoint);
    const setTime = (iso: string) => {
      now = new Date(iso);
    };
    const snapshot = async (phase: (typeof PHASES)[number]) => {
      setTime(phase.at);
      const count = await recordAnswers(endpoint, join(root, phase.name), () => now);
      progress(`${phase.name}: ${count} resources`);
    };
    const land = await buildLandscape(cast);
    const setUp = endpoint.records().length;
    await snapshot(PHASES[0]);
    await play(wednesday(cast, land), setTime);
    await snapshot(PHASES[1]);
    await play(thursday(cast, land, endpoint), setTime);
    await snapshot(PHASES[2]);
    cast.close();

    const records = endpoint.records().slice(setUp);
    await writeFile(join(root, 'trail.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await writeFile(join(root, 'manifest.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
    progress(`trail.jsonl: ${records.length} records`);
  } finally {
    await endpoint.stop();
  }
}

function manifest(): object {
  const offset = (at: string) => (Date.parse(at) - Date.parse(REFERENCE)) / 1000;
  return {
    formatVersion: 1,
    account: ACCOUNT,
    regions: [REGION],
    reference: REFERENCE,
    phases: PHASES.map(({ name, title, at }) => ({ name, title, answers: name, offsetSeconds: offset(at) })),
    trail: 'trail.jsonl',
  };
}

async function play(acts: readonly Act[], setTime: (iso: string) => void): Promise<void> {
  for (const act of acts) {
    setTime(act.at);
    const failed = await act.call().then(
      () => undefined,
      (error: unknown) => describeError(error),
    );
    if ((failed !== undefined) !== (act.fails ?? false)) throw new Error(`the call of ${act.at} ${failed ?? 'did not fail'}`);
  }
}

/** Reads the account through the exporter, which writes the answers down. Returns the number of resources. */
async function recordAnswers(endpoint: Endpoint, folder: string, now: () => Date): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const identity = (accessKeyId: string) =>
    assumedRole({
      account: ACCOUNT,
      role: 'drifttrail',
      roleId: 'AROAEXAMPLEDRIFTTRAI',
      session: 'drifttrail',
      accessKeyId,
      since: REFERENCE,
    });
  const reader = await endpoint.actor({ account: ACCOUNT, identity, keyPrefix: 'ASIA' });
  // The SDK's default credential chain reads the process's own environment.
  process.env.AWS_ACCESS_KEY_ID = reader.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = reader.secretAccessKey;
  process.env.AWS_SESSION_TOKEN = reader.sessionToken ?? '';
  const options = exporter.options.parse({ regions: [REGION], endpoint: endpoint.url, record: folder, rate: 100 });
  const surroundings = { ...realSurroundings(), now };
  const snapshot = await collect(exporter, options, { surroundings, signal: AbortSignal.timeout(120_000), progress: () => undefined });
  const [gap] = snapshot.gaps;
  if (gap !== undefined) throw new Error(`the recording has a gap: ${gap.scope} ${gap.kind ?? ''} ${gap.reason}: ${gap.detail}`);
  await sortLines(folder);
  return snapshot.resources.length;
}

/** Requests finish in any order; a recording reads the same whenever it was made. */
async function sortLines(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '');
    await writeFile(join(folder, file), `${[...new Set(lines)].sort().join('\n')}\n`);
  }
}
