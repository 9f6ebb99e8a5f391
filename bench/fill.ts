/** P6 in a process of its own, whose memory is this work's alone: `node scripts/run-ts.mjs bench/fill.ts RECORDS STATE` prints it as JSON. */
import type { Trail } from '../src/model.ts';
import { createRedactor } from '../src/normalize/redact.ts';
import { redactEvent } from '../src/pipeline/redact-event.ts';
import { realSurroundings } from '../src/surroundings.ts';
import { type EventStore, openEventStore } from '../src/trail/events.ts';
import { readTrail } from '../src/trail/read.ts';
import files from '../trails/files/index.ts';
import { measured } from './measure.ts';
import { WINDOW } from './records.ts';

export interface Filled {
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  /** Megabytes. */
  readonly resident: number;
}

const [records = '', state = ''] = process.argv.slice(2);
const store = await openEventStore(state);
const { wall, cpu } = await measured(() => fill(store, records));
store.close();
const filled: Filled = { wall, cpu, resident: Math.round(process.resourceUsage().maxRSS / 1024) };
console.log(JSON.stringify(filled));

async function fill(into: EventStore, folder: string): Promise<void> {
  const redactor = createRedactor(Buffer.alloc(32, 1));
  const guarded: EventStore = { ...into, insert: (events) => into.insert(events.map((event) => redactEvent(event, redactor))) };
  const options = files.options.parse({ files: [folder] });
  const deps = { surroundings: { ...realSurroundings(), dir: folder }, signal: AbortSignal.timeout(600_000), progress: () => undefined };
  const { gaps } = await readTrail(files as Trail, options, WINDOW, guarded, deps);
  if (gaps.length > 0) throw new Error(`a gap: ${gaps[0]?.detail}`);
}
