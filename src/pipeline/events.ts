/** The audit events that a set of commits needs: the trails are read on, and the event store asked. */
import { resolve } from 'node:path';
import { ASTRAY } from '../attribute/window.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { AuditEvent, TrailGap } from '../model.ts';
import { type EventStore, openEventStore } from '../trail/events.ts';
import type { Newness } from '../trail/seen.ts';
import { readTrail } from '../trail/read.ts';
import { type Look, lookOf, trailNames } from '../trail/sight.ts';
import { type CountryOf, openCountries, placed } from './countries.ts';
import { redactEvent } from './redact-event.ts';
import { guardOf } from './secrets.ts';
import { durationOf, earliest, hull, type Span, shift } from './windows.ts';

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** What went wrong and did not end the work: whoever reads no terminal must hear of it, too. */
  readonly problem: (text: string) => void;
}

export interface Events {
  readonly all: readonly AuditEvent[];
  readonly byId: ReadonlyMap<string, AuditEvent>;
  /** By credential, the event that issued it. */
  readonly issuers: ReadonlyMap<string, AuditEvent>;
  /** By event id, what is new about its actor. */
  readonly newness: ReadonlyMap<string, Newness>;
  readonly covered: Awaited<ReturnType<EventStore['covered']>>;
  readonly gaps: readonly TrailGap[];
  /** When the events happened that the trail has corrected since; also those outside of the spans. */
  readonly corrected: readonly string[];
  /** What each trail could not read. */
  readonly looks: readonly Look[];
}

const NONE: Events = { all: [], byId: new Map(), issuers: new Map(), newness: new Map(), covered: [], gaps: [], corrected: [], looks: [] };

export async function readEvents(deployment: Deployment, spans: readonly Span[], now: string, options: ReadOptions): Promise<Events> {
  const span = hull(spans);
  if (deployment.trails.length === 0 || span === undefined) return NONE;
  const window = { from: shift(span.from, -ASTRAY), to: earliest([shift(span.to, ASTRAY), now]) };
  const { redactor } = deployment;
  const countryOf = await countriesOf(deployment, options.problem);
  const store = await openEventStore(deployment.stateDir);
  const kept = (event: AuditEvent) => placed(redactEvent(event, redactor), countryOf);
  const guarded: EventStore = { ...store, insert: (events) => store.insert(events.map(kept)) };
  try {
    const gaps: TrailGap[] = [];
    const looks: Look[] = [];
    const names = trailNames(deployment.trails);
    const told = (index: number, some: readonly TrailGap[]) => {
      gaps.push(...some);
      looks.push(lookOf(names[index] ?? '', some));
    };
    for (const [index, { use, trail, shape: own, unset }] of deployment.trails.entries()) {
      if (unset !== undefined) {
        told(index, [{ reason: 'denied', detail: `${use}: ${describeError(unset)}` }]);
        continue;
      }
      const guard = guardOf(own, redactor);
      const progress = (text: string) => options.progress(guard(text));
      const read = await readTrail(trail, own, window, guarded, {
        surroundings: deployment.surroundings,
        signal: options.signal,
        progress,
      });
      told(
        index,
        read.gaps.map((gap) => ({ ...gap, detail: guard(gap.detail) })),
      );
    }
    for (const gap of gaps) options.problem(`trail: ${[gap.account, gap.region, gap.detail].filter(Boolean).join(' ')}`);
    await store.prune(shift(now, -durationOf(deployment.config.keepEvents)));
    const all = await store.query(window);
    const issuers = await store.issuers(all);
    const newness = await store.newness(all);
    const byId = new Map(all.map((event) => [event.id, event]));
    const corrected = [...store.corrected().values()];
    return { all, byId, issuers, newness, covered: await store.covered(), gaps, corrected, looks };
  } finally {
    store.close();
  }
}

/** Who did it matters more than where from: without the database it is told that there is none, and work goes on. */
async function countriesOf({ config, dir }: Deployment, problem: ReadOptions['problem']): Promise<CountryOf> {
  if (config.countries === undefined) return () => undefined;
  try {
    return await openCountries(resolve(dir, config.countries));
  } catch (error) {
    if (!(error instanceof DrifttrailError)) throw error;
    problem(`countries: ${error.message}`);
    return () => undefined;
  }
}
