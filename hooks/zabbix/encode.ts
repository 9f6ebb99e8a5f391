/** The state as values of Zabbix trapper items, in the protocol of zabbix_sender: `ZBXD`, version 1, length, JSON. */
import type { Status } from 'drifttrail';

const HEADER = 13;

/** A count for each level and for what is wrong: items of type trapper, numeric (unsigned). */
export function itemsOf({ levels, pending, gaps, outlets, scopes, generatedAt }: Status): Readonly<Record<string, number>> {
  const all = Object.values(outlets);
  const sum = (count: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + count(one), 0);
  const ages = scopes.flatMap(({ complete }) => (complete === null ? [] : [(Date.parse(generatedAt) - Date.parse(complete)) / 1000]));
  return {
    ...Object.fromEntries(Object.entries(levels).map(([level, count]) => [`drifttrail.findings[${level}]`, count])),
    'drifttrail.pending': pending,
    'drifttrail.gaps': gaps.length,
    'drifttrail.scopes.never': scopes.filter(({ complete }) => complete === null).length,
    'drifttrail.scopes.age': Math.max(0, Math.round(Math.max(0, ...ages))),
    'drifttrail.outbox.waiting': sum(({ waiting }) => waiting),
    'drifttrail.outbox.dead': sum(({ dead }) => dead),
  };
}

export function packet(host: string, items: Readonly<Record<string, number>>, seconds: number): Buffer {
  const data = Object.entries(items).map(([key, value]) => ({ host, key, value: String(value), clock: seconds }));
  const body = Buffer.from(JSON.stringify({ request: 'sender data', data, clock: seconds }));
  const header = Buffer.alloc(HEADER);
  header.write('ZBXD\u0001', 'latin1');
  header.writeUInt32LE(body.length, 5);
  return Buffer.concat([header, body]);
}

/** Of an answer that is whole: how many items were taken and how many not; undefined while it is not. */
export function answerOf(bytes: Buffer): { readonly processed: number; readonly failed: number; readonly success: boolean } | undefined {
  if (bytes.length < HEADER || bytes.length < HEADER + bytes.readUInt32LE(5)) return undefined;
  const text = bytes.subarray(HEADER, HEADER + bytes.readUInt32LE(5)).toString();
  const count = (word: string) => Number(new RegExp(`${word}: (\\d+)`).exec(text)?.[1] ?? 0);
  return { processed: count('processed'), failed: count('failed'), success: /"response"\s*:\s*"success"/.test(text) };
}
