/** The span of time that a page is about, and the spans that one gets to from there: narrower, wider, earlier, later. */
import { parseMoment } from '../questions/time.ts';
import { DrifttrailError } from '../errors.ts';
import { minute } from '../report/words.ts';
import { link } from './markup.ts';

export interface Window {
  readonly from: string;
  readonly to: string;
  /** The duration before now, where the span is one that goes along with the clock. */
  readonly since?: string;
}

export const DURATIONS = ['24h', '7d', '30d'] as const;
const TITLES: Readonly<Record<string, string>> = { '24h': 'the last 24 hours', '7d': 'the last 7 days', '30d': 'the last 30 days' };
/** Milliseconds: what is shorter than this is not divided. */
const SHORTEST = 120_000;

/** Between two moments, or since one; the last 24 hours by default. @throws {DrifttrailError} `time-invalid` */
export function windowOf(
  { since, from, to }: { readonly since?: string | undefined; readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
): Window {
  const start = parseMoment(from ?? since ?? '24h', now).toISOString();
  const end = to === undefined ? now.toISOString() : parseMoment(to, now).toISOString();
  if (start > end)
    throw new DrifttrailError({ code: 'time-invalid', message: `${start} is after ${end}`, remedy: 'give the earlier moment first' });
  return { from: start, to: end, ...(from === undefined && to === undefined ? { since: since ?? '24h' } : {}) };
}

export function windowTitle({ from, to, since }: Window): string {
  return TITLES[since ?? ''] ?? `${minute(from)} to ${minute(to)} UTC`;
}

/** The query that names a window again. */
export function windowQuery({ from, to, since }: Window): Record<string, string | undefined> {
  return since === undefined ? { from, to } : { since: since === '24h' ? undefined : since };
}

export interface Part {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly href: string;
}

/** The span in `count` parts, each a link to itself; none where they would be too short to tell anything apart. */
export function partsOf({ from, to }: Window, count: number, query: Readonly<Record<string, string | undefined>>): Part[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (end - start < SHORTEST) return [];
  const edge = (index: number) => Math.round((start + ((end - start) * index) / count) / 1000) * 1000;
  return Array.from({ length: count }, (_, index) => {
    const part = { from: iso(edge(index)), to: iso(edge(index + 1)) };
    return {
      from: edge(index),
      to: edge(index + 1),
      text: `Zoom to ${minute(part.from)} – ${minute(part.to)} UTC`,
      href: link('/', { ...query, ...part }),
    };
  });
}

/** Half a span back or on, and twice as wide; later than now there is nothing. */
export function neighboursOf(
  { from, to }: Window,
  now: Date,
): { readonly earlier: Window; readonly later: Window | undefined; readonly wider: Window } {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const length = end - start;
  const until = (time: number) => iso(Math.min(time, now.getTime()));
  const later = { from: iso(start + length), to: until(end + length) };
  return {
    earlier: { from: iso(start - length), to: iso(start) },
    later: later.from < later.to ? later : undefined,
    wider: { from: iso(start - length / 2), to: until(end + length / 2) },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
