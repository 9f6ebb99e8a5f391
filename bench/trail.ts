/** P6–P8: a million audit records into the event store, joined with changes, and ranked by `events`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import exporter from '../exporters/aws/index.ts';
import { attribute } from '../src/attribute/attribute.ts';
import type { Change, Trail } from '../src/model.ts';
import { createRedactor } from '../src/normalize/redact.ts';
import { redactEvent } from '../src/pipeline/redact-event.ts';
import { realSurroundings } from '../src/surroundings.ts';
import { type EventStore, openEventStore } from '../src/trail/events.ts';
import { readTrail } from '../src/trail/read.ts';
import files from '../trails/files/index.ts';
import { type Bench, createSamples, measured, scaled } from './measure.ts';
import { CLI, usageOf } from './programs.ts';
import { WINDOW, writeRecords } from './records.ts';

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
    for (let run = 0; run < runs; run++) {
      progress(`run ${run + 1} of ${runs}`);
      add(samples, 'zcat', usageOf('zcat', names));
      samples.add('duckdb', await readByDuckdb(records));
      const store = await openEventStore(join(folder, `state-${run}`));
      const { wall, cpu } = await measured(() => fill(store, records));
      samples.add('fill', wall);
      samples.add('fill cpu', cpu);
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
    notes.push(`resident set at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, the making of the records included`);
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

async function fill(store: EventStore, folder: string): Promise<void> {
  const redactor = createRedactor(Buffer.alloc(32, 1));
  const guarded: EventStore = { ...store, insert: (events) => store.insert(events.map((event) => redactEvent(event, redactor))) };
  const options = files.options.parse({ files: [folder] });
  const deps = { surroundings: { ...realSurroundings(), dir: folder }, signal: AbortSignal.timeout(600_000), progress: () => undefined };
  const { gaps } = await readTrail(files as Trail, options, WINDOW, guarded, deps);
  if (gaps.length > 0) throw new Error(`a gap: ${gaps[0]?.detail}`);
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
