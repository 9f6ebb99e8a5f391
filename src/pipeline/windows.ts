/** Spans of time, and what of them concerns a change. */

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The smallest span that holds all of them. */
export function hull(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  return { from: earliest(spans.map(({ from }) => from)), to: latest(spans.map(({ to }) => to)) };
}

/** ISO 8601 times in UTC sort as text. */
export const earliest = (times: readonly string[]): string => times.reduce((a, b) => (a < b ? a : b));
export const latest = (times: readonly string[]): string => times.reduce((a, b) => (a > b ? a : b));

export function shift(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

/** A number with s, m, h or d, in milliseconds. */
export function durationOf(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number.parseInt(text, 10) * (units[text.at(-1) ?? ''] ?? Number.NaN);
}
