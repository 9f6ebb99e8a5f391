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

interface Asked {
  readonly since?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Between two moments, or since one, such as `usual`. @throws {DrifttrailError} `time-invalid` */
export function windowOf({ since, from, to }: Asked, now: Date, usual = '24h'): Window {
  if (since !== undefined && from !== undefined) {
    const message = `since=${since} and from=${from} both say when it begins`;
    throw new DrifttrailError({ code: 'time-invalid', message, remedy: 'give one of them' });
  }
  const begin = from ?? since ?? usual;
  const [start, end] = [parseMoment(begin, now), to === undefined ? now : parseMoment(to, now)];
  requireOrder(start, end);
  return { from: start.toISOString(), to: end.toISOString(), ...(from === undefined && to === undefined ? { since: begin } : {}) };
}

/** @throws {DrifttrailError} `time-invalid` */
export function requireOrder(from: Date, to: Date): void {
  if (from <= to) return;
  const message = `${from.toISOString()} is after ${to.toISOString()}`;
  throw new DrifttrailError({ code: 'time-invalid', message, remedy: 'give the earlier moment first' });
}

export function windowTitle({ from, to, since }: Window): string {
  return TITLES[since ?? ''] ?? `${minute(from)} to ${minute(to)} UTC`;
}

/** The query that names a window again, over one that named another. */
export function windowQuery({ from, to, since }: Window, usual = '24h'): Record<'since' | 'from' | 'to', string | undefined> {
  if (since === undefined) return { since: undefined, from, to };
  return { since: since === usual ? undefined : since, from: undefined, to: undefined };
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
      href: link('/', { ...query, ...windowQuery(part) }),
    };
  });
}

/** Before it nothing can be asked for. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');

/** A span back or on, and twice as wide; later than now there is nothing. */
export function neighboursOf(
  { from, to }: Window,
  now: Date,
): { readonly earlier: Window | undefined; readonly later: Window | undefined; readonly wider: Window } {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const length = end - start;
  const between = (first: number, last: number) => ({ from: Math.max(first, FIRST), to: Math.min(last, Math.max(now.getTime(), FIRST)) });
  const unlessEmpty = (span: ReturnType<typeof between>) => (span.from < span.to ? isoSpan(span) : undefined);
  return {
    earlier: unlessEmpty(between(start - length, start)),
    later: unlessEmpty(between(start + length, end + length)),
    wider: unlessEmpty(between(start - length / 2, end + length / 2)) ?? { from, to },
  };
}

export function isoSpan({ from, to }: { readonly from: number; readonly to: number }): Window {
  return { from: iso(from), to: iso(to) };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
