/** Findings as Splunk HTTP Event Collector objects, one after the other without a separator; `time` in seconds. */
import { cut, type Message, neutraliseLine } from 'drifttrail';
import { findingWithin } from '../_message/describe.ts';

/** The collector's default of a request was 1 MB in older versions. */
const MOST_BYTES = 900_000;

export interface HecFields {
  readonly host: string;
  readonly source: string;
  readonly index?: string | undefined;
}

export function encode(message: Message, now: Date, { host, source, index }: HecFields): string {
  const common = {
    host,
    source,
    sourcetype: message.findings.length === 0 ? 'drifttrail:message' : 'drifttrail:finding',
    ...(index === undefined ? {} : { index }),
  };
  const head = { message: message.id, messageKind: message.kind, title: cut(neutraliseLine(message.title), 300) };
  if (message.findings.length === 0)
    return JSON.stringify({
      ...common,
      time: now.getTime() / 1000,
      event: { ...head, subject: cut(neutraliseLine(message.subject), 500) },
    });
  const written = (most: number) =>
    message.findings.map((finding) => {
      const time = Date.parse(finding.attribution.events[0]?.time ?? finding.window.to);
      const event = { ...head, ...findingWithin(finding, most), undone: finding.undone === undefined ? null : { ...finding.undone } };
      return JSON.stringify({ ...common, time: (Number.isNaN(time) ? now.getTime() : time) / 1000, event });
    });
  // Mostly there is room for all of it; where there is not, each gets as much as the others.
  const [whole, share] = [written(MOST_BYTES).join(''), MOST_BYTES / message.findings.length - 1500];
  return Buffer.byteLength(whole) <= MOST_BYTES ? whole : written(share).join('');
}
