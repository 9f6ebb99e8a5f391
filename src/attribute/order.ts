/** The order of acts: by time, and within one second by what depends on what. */
import type { AuditEvent, Effect } from '../model.ts';
import { millis } from './window.ts';

export interface Act {
  readonly event: AuditEvent;
  readonly effect: Effect;
  /** The event's time in milliseconds. */
  readonly at: number;
}

const RANK: Readonly<Record<Effect['op'], number>> = { create: 0, set: 1, unset: 1, delete: 2 };
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By second, then creating before modifying before deleting, then by id so that the order never depends on the trail. */
export function compareActs(a: Act, b: Act): number {
  return a.at - b.at || RANK[a.effect.op] - RANK[b.effect.op] || text(a.event.id, b.event.id) || text(a.effect.path, b.effect.path);
}

export function compareEvents(a: AuditEvent, b: AuditEvent): number {
  return millis(a.time) - millis(b.time) || text(a.id, b.id);
}

export function newestFirst(a: Act, b: Act): number {
  return b.at - a.at || text(b.event.id, a.event.id);
}
