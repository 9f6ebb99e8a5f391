/** Reads a trail into the event store: what is stored durably first, then the marks that let the next read go on from there. */
import { describeError } from '../errors.ts';
import type { AuditEvent, Surroundings, Trail, TrailGap } from '../model.ts';
import type { EventStore } from './events.ts';
import type { Span } from './spans.ts';

/** Events that are stored at once. */
const BATCH = 5_000;

export interface ReadDeps {
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/**
 * Stores the writes and the issued credentials of the window. A trail that throws leaves a gap and no covered span;
 * what it yielded before is kept.
 */
export async function readTrail(
  trail: Trail,
  options: unknown,
  window: { readonly from: string; readonly to: string },
  store: EventStore,
  deps: ReadDeps,
): Promise<{ read: number; gaps: TrailGap[] }> {
  const gaps: TrailGap[] = [];
  const marks = new Map<string, string>();
  const covered: Span[] = [];
  const batch: AuditEvent[] = [];
  let read = 0;
  const flush = async () => {
    await store.insert(batch);
    batch.length = 0; // only now: what could not be stored is tried again at the end, before the marks move
    if (marks.size > 0) await store.setMarks(trail.name, new Map(marks));
    marks.clear();
  };
  try {
    const events = trail.read({
      ...deps.surroundings,
      options,
      signal: deps.signal,
      window,
      // Reads that issued credentials come all the same: they write, if nothing that a snapshot shows.
      reads: () => false,
      mark: (key) => marks.get(key) ?? store.mark(trail.name, key),
      setMark: (key, value) => marks.set(key, value),
      gap: (gap) => gaps.push(gap),
      covered: (span) => covered.push(span),
      stored: flush,
      progress: deps.progress,
    });
    for await (const event of events) {
      read++;
      if (event.readOnly && event.issued === undefined) continue;
      batch.push(event);
      if (batch.length >= BATCH) await flush();
    }
  } catch (error) {
    deps.signal.throwIfAborted();
    gaps.push({ reason: 'invalid', detail: `${trail.name}: ${describeError(error)}` });
  }
  await flush();
  for (const span of covered) await store.addCovered(span);
  return { read, gaps };
}
