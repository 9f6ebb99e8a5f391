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
  return message.findings
    .map((finding) => {
      const time = Date.parse(finding.attribution.events[0]?.time ?? finding.window.to);
      const data = findingWithin(finding, MOST_BYTES / message.findings.length - 1000);
      return {
        ...common,
        time: (Number.isNaN(time) ? now.getTime() : time) / 1000,
        event: { ...head, ...data, undone: finding.undone === undefined ? null : { ...finding.undone } },
      };
    })
    .map((object) => JSON.stringify(object))
    .join('');
}
