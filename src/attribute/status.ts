/** Why nobody is named: what is still to come, what was not read, and what is not logged. */
import type { AttributionStatus, AuditEvent, TrailPlace } from '../model.ts';
import type { AttributeInput } from './input.ts';
import { HISTORY, inWindow, millis, SETTLE, type Window } from './window.ts';

export interface Silence {
  readonly status: AttributionStatus;
  readonly because: string;
}

type Trail = Pick<AttributeInput, 'covered' | 'trailGaps' | 'now'>;

/** Younger than the trail's slowest delivery. */
export function isPending(window: Window, now: string): boolean {
  return millis(now) < millis(window.to) + SETTLE;
}

/** The reason for a change that no event explains. `places` are those that may have one, `writes` all that were read. */
export function silence(places: readonly TrailPlace[], window: Window, trail: Trail, writes: readonly AuditEvent[]): Silence {
  const read = places.find((one) => trail.covered.some((span) => span.account === one.account && span.region === one.region));
  const { account, region } = read ?? places[0] ?? { account: '', region: '' };
  const place = region === '' ? account : `${account} in ${region}`;
  if (isPending(window, trail.now)) {
    return { status: 'pending', because: 'the trail may still deliver events of this window; it is read again until 15 minutes after it' };
  }
  const gap = trail.trailGaps.find(
    (item) => item.partial !== true && (item.account ?? account) === account && (item.region ?? region) === region,
  );
  if (gap !== undefined) return unattributed(`the trail of ${place} could not be read (${gap.reason}): ${gap.detail}`);
  if (!isCovered(trail, account, region, window)) {
    const old = millis(window.to) < millis(trail.now) - HISTORY;
    return unattributed(
      old
        ? 'the window is more than 90 days old, further than event histories reach'
        : `the trail of ${place} was not read for the whole window${newest(trail, account, region, window)}`,
    );
  }
  const blinding = writes.find(
    (event) =>
      event.account === account && BLINDING.test(event.name) && event.source === 'cloudtrail.amazonaws.com' && inWindow(event, window),
  );
  if (blinding !== undefined) return unattributed(`logging was changed in the window: ${blinding.name} by ${blinding.actor.name}`);
  return unattributed('the trail was read completely and no event names it: the provider’s own doing, or a call that is not logged');
}

const BLINDING = /^(StopLogging|DeleteTrail|UpdateTrail|PutEventSelectors)$/;

/** Copies of files and logs lag behind, or are made no more: then no record tells of the time after the last one. */
function newest({ covered }: Trail, account: string, region: string, window: Window): string {
  const ends = covered.filter((span) => span.account === account && span.region === region).map(({ to }) => millis(to));
  const last = Math.max(...ends);
  if (ends.length === 0 || last >= millis(window.to)) return '';
  const when = last < millis(window.from) ? 'before the change' : 'before the window ends';
  return `: its newest record is of ${new Date(last).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${when}`;
}

/** Spans that overlap or touch count as one. */
function isCovered({ covered }: Trail, account: string, region: string, window: Window): boolean {
  const spans = covered
    .filter((span) => span.account === account && span.region === region)
    .sort((a, b) => millis(a.from) - millis(b.from));
  let reached = millis(window.from);
  for (const span of spans) if (millis(span.from) <= reached) reached = Math.max(reached, millis(span.to));
  return reached >= millis(window.to);
}

function unattributed(because: string): Silence {
  return { status: 'unattributed', because };
}
