/** Spans of time of an account and region, joined where they touch. */

export interface Span {
  readonly account: string;
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

export function joinSpans(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort(
    (a, b) => compare(a.account, b.account) || compare(a.region, b.region) || Date.parse(a.from) - Date.parse(b.from),
  );
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.account === span.account &&
      last.region === span.region &&
      Date.parse(span.from) <= Date.parse(last.to)
    ) {
      joined[joined.length - 1] = Date.parse(span.to) > Date.parse(last.to) ? { ...last, to: span.to } : last;
    } else joined.push(span);
  }
  return joined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
