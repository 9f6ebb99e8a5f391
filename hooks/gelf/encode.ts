/**
 * Findings as GELF 1.1: over UDP in at most 128 chunks, over TCP each ended by a zero octet. The additional fields begin
 * with `_`; `_id` is Graylog's own.
 */
import { createHash } from 'node:crypto';
import { cut, type Finding, type JsonObject, type Message, neutralise, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';
import { SEVERITY } from '../_message/severity.ts';

/** Octets of one datagram: what fits a frame of Ethernet. */
export const CHUNK = 1420;
const HEADER = 12;
const CHUNKS = 128;
const NOTICE = 5;

/** One a finding, or one for the message when it has none. */
export function encode(message: Message, host: string, now: Date): JsonObject[] {
  const common = { version: '1.1', host: host || '-', timestamp: now.getTime() / 1000, _message_id: message.id, _kind: message.kind };
  if (message.findings.length === 0)
    return [{ ...common, short_message: cut(neutraliseLine(`${message.title}: ${message.subject}`), 300), level: NOTICE }];
  return message.findings.map((finding) => {
    const { headline, who, lines } = describe(finding);
    return {
      ...common,
      short_message: headline,
      full_message: cut(neutralise([headline, who, ...lines].join('\n')), 8000),
      level: SEVERITY[finding.level],
      ...fieldsOf(finding),
    };
  });
}

function fieldsOf(finding: Finding): JsonObject {
  const { actor, status, events } = finding.attribution;
  const ref = (finding.change ?? finding.transient)?.ref;
  const fields = {
    _change_id: finding.id,
    _threat: finding.level,
    _commit: finding.commit,
    _scope: ref?.scope ?? finding.coverage?.gap.scope,
    _resource_kind: ref?.kind ?? finding.coverage?.gap.kind,
    _resource: ref?.id,
    _attribution: status,
    _actor: actor?.name,
    _via: actor?.via,
    _source_ip: actor?.sourceIp,
    _event: events[0]?.name,
    _rules: finding.rules.join(','),
    _undone_by: finding.undone?.by,
  };
  const present = Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string' && field[1] !== '');
  return { _score: finding.score, ...Object.fromEntries(present.map(([name, value]) => [name, cut(neutraliseLine(value), 500)])) };
}

/** The datagrams of one record; its id comes from its content, so that a repeat is the same octets. */
export function chunked(record: Buffer, size = CHUNK): Buffer[] {
  if (record.length <= size) return [record];
  const room = size - HEADER;
  const count = Math.ceil(record.length / room);
  if (count > CHUNKS) throw new RangeError(`${record.length} octets need more than ${CHUNKS} chunks`);
  const id = createHash('sha256').update(record).digest().subarray(0, 8);
  return Array.from({ length: count }, (_, index) =>
    Buffer.concat([Buffer.from([0x1e, 0x0f]), id, Buffer.from([index, count]), record.subarray(index * room, (index + 1) * room)]),
  );
}
