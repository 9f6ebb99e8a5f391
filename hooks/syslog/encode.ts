/**
 * Findings as syslog messages (RFC 5424): HOSTNAME ≤255 and APP-NAME ≤48 printable ASCII, MSGID ≤32, structured data with
 * `"`, `\` and `]` escaped, the text after a byte order mark. Over UDP at most 2,048 octets each (RFC 5426, 3.2), over
 * streams counted octets go before each (RFC 6587, 3.4.1).
 */
import { cut, type Finding, type Message, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';
import { SEVERITY } from '../_message/severity.ts';

export interface SyslogOptions {
  readonly facility: number;
  readonly hostname: string;
  readonly appName: string;
  /** Octets of one message. */
  readonly most: number;
}

/** The number that RFC 5612 keeps for documentation: drifttrail has none of its own. */
const SD_ID = 'drifttrail@32473';
const BOM = '\ufeff';
const NOTICE = 5;

/** One a finding, or one for the message when it has none, in order. */
export function encode(message: Message, time: string, options: SyslogOptions): Buffer[] {
  if (message.findings.length === 0)
    return [line(message, NOTICE, time, options, [['message', message.id]], neutraliseLine(`${message.title}: ${message.subject}`))];
  return message.findings.map((finding) => {
    const { headline, who, lines } = describe(finding);
    return line(message, SEVERITY[finding.level], time, options, fieldsOf(message, finding), [headline, who, ...lines].join(' | '));
  });
}

/** Counted octets, so that a line break in a text never begins a message. */
export function framed(messages: readonly Buffer[]): Buffer {
  return Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length} `), message]));
}

type Field = readonly [name: string, value: string];

function line(message: Message, severity: number, time: string, options: SyslogOptions, fields: readonly Field[], text: string): Buffer {
  const { facility, hostname, appName, most } = options;
  const head = `<${facility * 8 + severity}>1 ${time} ${printable(hostname, 255)} ${printable(appName, 48)} ${process.pid} ${printable(message.kind, 32)} `;
  // Fewer fields rather than a broken element; the first are the ones to search by.
  for (let count = fields.length; count >= 0; count--) {
    const data =
      count === 0
        ? '-'
        : `[${SD_ID} ${fields
            .slice(0, count)
            .map(([name, value]) => `${name}="${escaped(value)}"`)
            .join(' ')}]`;
    const room = most - Buffer.byteLength(`${head}${data} ${BOM}`);
    if (room >= 200 || count === 0) return Buffer.from(`${head}${data} ${BOM}${cutBytes(text, room)}`);
  }
  throw new RangeError('unreachable: the loop ends at no fields');
}

function fieldsOf(message: Message, finding: Finding): Field[] {
  const { actor, status } = finding.attribution;
  const thing = finding.change ?? finding.transient;
  const place = thing?.ref ?? { scope: finding.coverage?.gap.scope ?? '', kind: finding.coverage?.gap.kind ?? '', id: '' };
  const fields: Field[] = [
    ['finding', finding.id],
    ['level', finding.level],
    ['score', String(finding.score)],
    ['message', message.id],
    ['commit', finding.commit ?? ''],
    ['scope', place.scope],
    ['kind', place.kind],
    ['resource', place.id],
    ['attribution', status],
    ['actor', actor?.name ?? ''],
    ['via', actor?.via ?? ''],
    ['sourceIp', actor?.sourceIp ?? ''],
    ['event', finding.attribution.events[0]?.name ?? ''],
    ['rules', finding.rules.join(',')],
    ['undone', finding.undone?.by ?? ''],
  ];
  return fields.map(([name, value]) => [name, cut(neutraliseLine(value), 200)] as const).filter(([, value]) => value !== '');
}

function escaped(value: string): string {
  return value.replaceAll(/["\\\]]/g, (character) => `\\${character}`);
}

/** Header fields know printable ASCII without spaces; `-` stands for none. */
function printable(text: string, most: number): string {
  return text.replaceAll(/[^!-~]/g, '_').slice(0, most) || '-';
}

/** At most so many octets of UTF-8, never within a character. */
function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  let kept = cut(text, Math.max(1, most));
  while (kept !== '…' && Buffer.byteLength(kept) > most)
    kept = cut(text, Math.max(1, kept.length - Math.max(1, Math.ceil((Buffer.byteLength(kept) - most) / 4))));
  return kept;
}
