/** A message as a CloudEvents 1.0 document of at most 64 KiB, the size that every intermediary has to forward. */
import { cut, type JsonObject, type Message, neutraliseLine } from 'drifttrail';
import { findingData } from '../_message/describe.ts';

const MOST_BYTES = 64 * 1024;
/** Characters left to each long value, tried in turn until the document fits. */
const ROOMS = [4000, 1000, 250, 60];

export function encode(message: Message, source: string, time: string): JsonObject {
  let event = build(message, source, time, 0, 0);
  for (const room of ROOMS) {
    const candidate = build(message, source, time, room, message.findings.length);
    if (fits(candidate)) return candidate;
  }
  for (let count = 0; count <= message.findings.length; count++) {
    const candidate = build(message, source, time, 60, count);
    if (!fits(candidate)) break;
    event = candidate;
  }
  return event;
}

function build(message: Message, source: string, time: string, room: number, count: number): JsonObject {
  return {
    specversion: '1.0',
    id: message.id,
    source,
    type: `drifttrail.${message.kind}`,
    time,
    ...(message.commit === null ? {} : { subject: message.commit }),
    datacontenttype: 'application/json',
    data: {
      schemaVersion: 1,
      title: cut(neutraliseLine(message.title), 300),
      subject: cut(neutraliseLine(message.subject), 1000),
      commit: message.commit,
      findings: message.findings.slice(0, count).map((finding) => findingData(finding, room)),
      more: message.more + message.findings.length - count,
      link: cut(message.link, 2000),
    },
  };
}

function fits(event: JsonObject): boolean {
  return Buffer.byteLength(JSON.stringify(event)) <= MOST_BYTES;
}
