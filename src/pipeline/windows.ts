/** Spans of time, and what of them concerns a change. */

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The smallest span that holds all of them. */
export function hull(spans: readonly Span[]): Span | undefined {
  const [first, ...rest] = spans;
  if (first === undefined) return undefined;
  return rest.reduce(
    (all, span) => ({ from: span.from < all.from ? span.from : all.from, to: span.to > all.to ? span.to : all.to }),
    first,
  );
}

export function shift(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

/** A number with s, m, h or d, in milliseconds. */
export function durationOf(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number.parseInt(text, 10) * (units[text.at(-1) ?? ''] ?? Number.NaN);
}
