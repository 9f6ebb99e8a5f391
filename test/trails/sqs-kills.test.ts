/** At least once: whatever fails or is killed while a queue is read, no event is deleted before it is stored, and none is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message, Queue } from '../../trails/sqs/queue.ts';
import { readQueue } from '../../trails/sqs/read.ts';

const SOURCE = { queue: 'https://sqs.eu-west-1.amazonaws.com/1/q', region: 'eu-west-1', complete: true };
const HIDDEN = 120_000;
const POISON = 'no JSON';

interface World {
  clock: number;
  kept: Map<string, { readonly message: Message; visibleAt: number }>;
  /** Ids of events that are on disk. */
  readonly stored: Set<string>;
  readonly marks: Map<string, string>;
  /** What was deleted before it was stored. */
  readonly tooEarly: string[];
}

function bodyOf(id: string): string {
  const record = {
    eventID: id,
    eventTime: '2026-07-01T10:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DeleteRoute',
    awsRegion: 'eu-west-1',
  };
  return id.startsWith('poison') ? POISON : JSON.stringify({ detail: record });
}

function queueOf(world: World, step: () => void): Queue {
  const visible = () => [...world.kept.values()].filter(({ visibleAt }) => visibleAt <= world.clock);
  return {
    state: async () => {
      step();
      return { waiting: visible().length, inFlight: world.kept.size - visible().length, delayed: 0, retention: 4 * 86_400_000 };
    },
    receive: async () => {
      step();
      world.clock += 10;
      const found = visible().slice(0, 10);
      for (const item of found) item.visibleAt = world.clock + HIDDEN;
      return found.map(({ message }) => message);
    },
    remove: async (handles) => {
      step();
      for (const handle of handles) {
        if (!world.stored.has(handle)) world.tooEarly.push(handle);
        world.kept.delete(handle);
      }
      return 0;
    },
  };
}

/** One run; `fuse` steps until it is killed or a call fails. Stores as the event store does: what was given, when asked. */
async function run(world: World, fuse: number, how: 'kill' | 'refuse'): Promise<void> {
  let left = fuse;
  const step = () => {
    if (left-- === 0) throw Object.assign(new Error(how), { name: how === 'kill' ? 'Killed' : 'ServiceUnavailable' });
  };
  const given: string[] = [];
  const marks = new Map<string, string>();
  const killed = new AbortController();
  const context = {
    now: () => new Date(world.clock),
    signal: killed.signal,
    mark: (key: string) => marks.get(key) ?? world.marks.get(key),
    setMark: (key: string, value: string) => void marks.set(key, value),
    gap: () => {
      // What fails in a killed run is nobody's to handle.
      if (how === 'kill' && left < 0) throw new Error('killed');
    },
    covered: () => undefined,
    progress: () => undefined,
    stored: async () => {
      step();
      for (const id of given.splice(0)) world.stored.add(id);
    },
  };
  try {
    for await (const { id } of readQueue(queueOf(world, step), SOURCE, context)) given.push(id);
    for (const [key, value] of marks) world.marks.set(key, value);
  } catch (error) {
    if (error instanceof Error && /killed|kill|refuse/.test(error.message)) return;
    throw error;
  }
}

test('random kills and failures, then a quiet run: everything is stored, only what is unreadable is left', async () => {
  const fault = fc.record({
    fuse: fc.nat(40),
    how: fc.constantFrom('kill' as const, 'refuse' as const),
    pause: fc.constantFrom(1_000, 60_000, 300_000),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 0, max: 12 }),
      fc.array(fault, { maxLength: 6 }),
      async (events, poisons, faults) => {
        const ids = [
          ...Array.from({ length: poisons }, (_, index) => `poison${index}`),
          ...Array.from({ length: events }, (_, index) => `e${index}`),
        ];
        const world: World = {
          clock: Date.parse('2026-07-01T10:05:00Z'),
          kept: new Map(),
          stored: new Set(),
          marks: new Map(),
          tooEarly: [],
        };
        for (const id of ids)
          world.kept.set(id, { message: { id, handle: id, body: bodyOf(id), sentAt: world.clock - 60_000 }, visibleAt: 0 });
        for (const { fuse, how, pause } of faults) {
          await run(world, fuse, how);
          world.clock += pause;
        }
        world.clock += HIDDEN;
        await run(world, Number.POSITIVE_INFINITY, 'refuse');
        expect(world.tooEarly).toEqual([]);
        expect(world.stored.size).toBe(events);
        expect([...world.kept.keys()].every((id) => id.startsWith('poison'))).toBe(true);
        expect(world.kept.size).toBe(poisons);
      },
    ),
    { numRuns: 60 },
  );
});
