/** Which events can have caused a change: those after the last sight of the old state and before the first of the new. */
import type { AuditEvent } from '../model.ts';

/** Clocks differ and describe calls lag behind the calls that changed things. Milliseconds. */
export const SKEW = 90_000;
/** A clock that nobody sets may be wrong by as much: beyond `SKEW` what fits exactly is told as possible. Milliseconds. */
export const ASTRAY = 10 * 60_000;
/** A trail may deliver this much later; until then "nobody" is not said. Milliseconds. */
export const SETTLE = 15 * 60_000;
/** How long an audit service looks back. Milliseconds. */
export const HISTORY = 90 * 24 * 3_600_000;

export interface Window {
  readonly from: string;
  readonly to: string;
}

export const millis = (time: string): number => Date.parse(time);

/** (from − skew, to + skew] */
export function inWindow(event: Pick<AuditEvent, 'time'>, window: Window, skew: number = SKEW): boolean {
  const time = millis(event.time);
  return time > millis(window.from) - skew && time <= millis(window.to) + skew;
}

/** The same for many acts whose times are known in milliseconds. */
export function within(window: Window, skew: number = SKEW): (act: { readonly at: number }) => boolean {
  const [from, to] = [millis(window.from) - skew, millis(window.to) + skew];
  return ({ at }) => at > from && at <= to;
}

/** How far outside of the window something happened; 0 within. Milliseconds, negative before it. */
export function distance({ at }: { readonly at: number }, window: Window): number {
  return at > millis(window.to) ? at - millis(window.to) : Math.min(at - millis(window.from), 0);
}
