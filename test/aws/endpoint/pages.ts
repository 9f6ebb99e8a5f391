/** Cuts an answer of the emulator, which ignores MaxResults, into the pages that AWS would send. */
import { type Element, parseXml } from './xml.ts';

export interface PageRequest {
  readonly service: string;
  readonly offset: number;
  readonly size: number;
}

/** Elements `offset` to `offset + size` of the answer's lists taken one after the other, with the token for the rest. */
export function cutPage(body: string, { service, offset, size }: PageRequest): string {
  const root = parseXml(body);
  const holder = service === 'ec2' ? root : root.children.find((one) => one.name.endsWith('Result'));
  if (holder === undefined) return body;
  const elementName = service === 'ec2' ? 'item' : 'member';
  const items = holder.children
    .filter((list) => list.children.length > 0 && list.children.every((one) => one.name === elementName))
    .flatMap((list) => list.children);
  const left = (index: number) => index < offset || index >= offset + size;
  const removed = items.filter((_, index) => left(index));
  const more = offset + size < items.length;
  const cut = withoutSpans(body, [...removed, ...holder.children.filter((one) => /^(IsTruncated|Marker|nextToken)$/.test(one.name))]);
  const token = service === 'ec2' ? ec2Token(more, offset + size) : iamToken(more, offset + size);
  const end = cut.lastIndexOf(`</${holder.name}>`);
  return cut.slice(0, end) + token + cut.slice(end);
}

/** `page-100` as the page tokens of this endpoint have it; 0 for the first page. */
export function offsetOf(token: string | undefined): number {
  return Number(token?.match(/^page-(\d+)$/)?.[1] ?? 0);
}

function ec2Token(more: boolean, next: number): string {
  return more ? `<nextToken>page-${next}</nextToken>` : '';
}

function iamToken(more: boolean, next: number): string {
  return `<IsTruncated>${more}</IsTruncated>${more ? `<Marker>page-${next}</Marker>` : ''}`;
}

function withoutSpans(body: string, spans: readonly Element[]): string {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const kept: string[] = [];
  let from = 0;
  for (const span of sorted) {
    kept.push(body.slice(from, span.start));
    from = span.end;
  }
  return kept.join('') + body.slice(from);
}
