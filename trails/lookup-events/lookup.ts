/** One question to LookupEvents: one attribute, a span of time, page by page, newest first. */
import { type AuditEvent, isObject, type Json, type JsonObject } from 'drifttrail';
import type { Account } from '../../exporters/_aws/api.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import { pages } from '../../exporters/_aws/paginate.ts';
import { parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';

/** The most that LookupEvents gives at once. */
const PAGE = 50;

/** Rejects with the SDK's errors, and AnswerError for a page that holds something else than records. */
export async function* lookUp(
  account: Account,
  region: string,
  [key, value]: readonly [string, string],
  span: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): AsyncGenerator<AuditEvent[]> {
  // The SDK wants Dates, which are no JSON: the request's type is about what can be recorded, and they are recorded as text.
  const input = {
    LookupAttributes: [{ AttributeKey: key, AttributeValue: value }],
    StartTime: new Date(span.from),
    EndTime: new Date(span.to),
    MaxResults: PAGE,
  } as unknown as JsonObject;
  for await (const page of pages(account.send, { service: 'cloudtrail', operation: 'LookupEvents', input, region }, signal)) {
    const { events } = page;
    if (events === undefined) {
      yield []; // a page may be empty and not the last
      continue;
    }
    if (!Array.isArray(events)) throw new AnswerError('invalid', 'the answer has no Events');
    yield events.flatMap(eventsIn);
  }
}

/** Asks for one event, whichever. Rejects as `lookUp` does. */
export async function isReadable(account: Account, region: string, signal: AbortSignal): Promise<void> {
  await account.send({ service: 'cloudtrail', operation: 'LookupEvents', input: { MaxResults: 1 }, region }, signal);
}

function eventsIn(item: Json): AuditEvent[] {
  if (!isObject(item)) throw new AnswerError('invalid', 'an item of Events is no object');
  return recordsOf(item).map((record) => {
    const event = record === undefined ? undefined : parseRecord(record);
    if (event === undefined) throw new AnswerError('invalid', 'an item of Events holds no record');
    return event;
  });
}
