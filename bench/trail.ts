/** P6–P8: a million audit records into the event store, joined with changes, and ranked by `events`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exporter from '../exporters/aws/index.ts';
import { attribute } from '../src/attribute/attribute.ts';
import type { Change } from '../src/model.ts';
import { type EventStore, openEventStore } from '../src/trail/events.ts';
import type { Filled } from './fill.ts';
import { type Bench, createSamples, scaled } from './measure.ts';
import { CLI, sh, usageOf } from './programs.ts';
import { WINDOW, writeRecords } from './records.ts';

const RUN_TS = fileURLToPath(new URL('../scripts/run-ts.mjs', import.meta.url));
const FILL = fileURLToPath(new URL('./fill.ts', import.meta.url));
const RECORDS = 1_000_000;
const CHANGES = 10_000;

export const trail: Bench = {
  goals: ['P6', 'P7', 'P8'],
  summary: 'a million CloudTrail records: stored, joined with 10,000 changes, ranked',
  run: async ({ runs, scale, folder, progress }) => {
    const records = join(folder, 'records');
    const names = writeRecords(records, scaled(RECORDS, scale));
    progress(`${names.length} files written`);
    const samples = createSamples();
    const notes: string[] = [];
    let resident = 0;
    for (let run = 0; run < runs; run++) {
      progress(`run ${run + 1} of ${runs}`);
      add(samples, 'zcat', usageOf('zcat', names));
      samples.add('duckdb', await readByDuckdb(records));
      const state = join(folder, `state-${run}`);
      const filled = fill(records, state);
      samples.add('fill', filled.wall);
      samples.add('fill cpu', filled.cpu);
      resident = Math.max(resident, filled.resident);
      const store = await openEventStore(state);
      const { events, seconds } = await ask(store);
      samples.add('ask', seconds);
      samples.add('join', join10k(events, scaled(CHANGES, scale)));
      store.close();
      if (existsSync(CLI)) {
        add(samples, 'events', usageOf(process.execPath, [CLI, 'events', records, '--json']));
        const filter = 'zcat "$@" | jq -c \'.Records[] | select(.readOnly == false)\'';
        if (existsSync('/usr/bin/jq')) add(samples, 'jq', usageOf('sh', ['-c', filter, 'sh', ...names]));
      }
    }
    notes.push(`P6: a resident set of ${resident} MB at most (wanted: 400)`);
    if (samples.of('jq').length === 0) notes.push('P8 has no peer: jq is not installed, or dist/ is not built');
    const peer = (name: string, limit?: number, sampled = name) => ({
      name,
      samples: samples.of(sampled),
      ...(limit === undefined ? {} : { limit }),
    });
    return {
      notes,
      rows: [
        { goal: 'P6', work: 'records into the store', product: samples.of('fill'), peer: peer('zcat', 0.55) },
        { goal: 'P6', work: 'records into the store', product: samples.of('fill'), peer: peer('DuckDB', 0.33, 'duckdb') },
        { goal: 'P6', work: 'the same, CPU', product: samples.of('fill cpu'), peer: peer('zcat', undefined, 'zcat cpu') },
        { goal: 'P6', work: 'all writes asked for again', product: samples.of('ask') },
        { goal: 'P7', work: '10,000 changes attributed', product: samples.of('join'), peer: peer('P6', 0.1, 'fill') },
        { goal: 'P8', work: '`events` over them', product: samples.of('events'), peer: peer('zcat | jq', 0.2, 'jq') },
        { goal: 'P8', work: 'the same, CPU', product: samples.of('events cpu'), peer: peer('zcat | jq', undefined, 'jq cpu') },
      ],
    };
  },
};

function add(samples: ReturnType<typeof createSamples>, name: string, { wall, cpu }: ReturnType<typeof usageOf>): void {
  samples.add(name, wall);
  samples.add(`${name} cpu`, cpu);
}

function fill(records: string, state: string): Filled {
  return JSON.parse(sh(process.execPath, [RUN_TS, FILL, records, state])) as Filled;
}

async function ask(store: EventStore) {
  const start = performance.now();
  const events = await store.query(WINDOW);
  return { events, seconds: performance.now() - start };
}

/** Tags of security groups, which the records name. */
function join10k(events: Awaited<ReturnType<EventStore['query']>>, count: number): number {
  const changes: Change[] = Array.from({ length: count }, (_, index) => ({
    type: 'modified',
    ref: { scope: 'aws/111122223333/eu-west-1', kind: 'aws.ec2.security-group', id: `sg-0${String(index % 4000).padStart(16, '0')}` },
    path: `sg-${index}`,
    edits: [{ path: '/tags/owner', before: null, after: `team-${index % 50}` }],
    before: { tags: {} },
    after: { tags: { owner: `team-${index % 50}` } },
  }));
  const start = performance.now();
  attribute({
    changes: changes.map((change) => ({ change, window: WINDOW })),
    window: WINDOW,
    events,
    kinds: exporter.kinds,
    base: { before: () => undefined, after: () => undefined, list: () => [] },
    covered: [],
    trailGaps: [],
    issuedBy: () => undefined,
    now: WINDOW.to,
    pathOf: ({ id }) => id,
  });
  return performance.now() - start;
}

async function readByDuckdb(folder: string): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const start = performance.now();
  await connection.run(
    `CREATE TABLE writes AS SELECT r->>'eventID' AS id, r->>'eventTime' AS time, r AS event
     FROM (SELECT unnest(Records) AS r FROM read_json('${folder}/**/*.json.gz', columns = {Records: 'JSON[]'}, maximum_object_size = 100000000))
     WHERE (r->>'readOnly') = 'false'`,
  );
  const wall = performance.now() - start;
  connection.closeSync();
  instance.closeSync();
  return wall;
}
