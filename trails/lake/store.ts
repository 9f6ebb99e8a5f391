/** What an event data store holds: whether it takes events, since when, and what its selectors leave out. */
import { cut, isObject, type Json, type JsonObject, neutraliseLine } from 'drifttrail';
import type { Send } from '../../exporters/_aws/api.ts';
import { camelObject } from '../../exporters/_aws/camel.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';

export interface EventDataStore {
  readonly name: string;
  /** `ENABLED`, `STOPPED_INGESTION`, `PENDING_DELETION` … */
  readonly status: string;
  /** UTC ISO 8601: older events are not in it, or were brought in by hand. */
  readonly since: string;
  /** Why silence does not mean that there was no event. */
  readonly holes?: string;
}

const DAY = 86_400_000;

/** Rejects with the SDK's errors, and AnswerError. `now` in milliseconds. */
export async function describeStore(send: Send, region: string, store: string, now: number, signal: AbortSignal): Promise<EventDataStore> {
  const answer = camelObject(
    await send({ service: 'cloudtrail', operation: 'GetEventDataStore', input: { EventDataStore: store }, region }, signal),
  );
  const { name, status, createdTimestamp, retentionPeriod, advancedEventSelectors } = answer;
  if (typeof status !== 'string' || typeof createdTimestamp !== 'string')
    throw new AnswerError('invalid', 'the answer describes no event data store');
  const kept = typeof retentionPeriod === 'number' ? now - retentionPeriod * DAY : Number.NEGATIVE_INFINITY;
  const title = typeof name === 'string' ? cut(neutraliseLine(name), 80) : store;
  const hole = status === 'ENABLED' ? leftOut(advancedEventSelectors) : `takes no events: its status is ${cut(status, 40)}`;
  return {
    name: title,
    status,
    since: new Date(Math.max(Date.parse(createdTimestamp), kept)).toISOString(),
    ...(hole === undefined ? {} : { holes: `the event data store ${title} ${hole}` }),
  };
}

/** Reads may be left out, and the two services that are noisy and change nothing tracked; nothing else. */
const HARMLESS = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

function leftOut(selectors: Json | undefined): string | undefined {
  const fields = (Array.isArray(selectors) ? selectors : []).map((selector: Json) =>
    isObject(selector) && Array.isArray(selector['fieldSelectors'])
      ? selector['fieldSelectors'].filter((field: Json) => isObject(field))
      : [],
  );
  const management = fields.filter((selector) =>
    selector.some((field) => field.field === 'eventCategory' && has(field.equals, 'Management')),
  );
  if (management.length === 0) return 'holds no management events';
  if (management.some((selector) => selector.every(isHarmless))) return undefined;
  const names = management.flatMap((selector) => selector.filter((field) => !isHarmless(field)).map(({ field }) => String(field)));
  return `leaves out events by ${cut(neutraliseLine([...new Set(names)].join(', ')), 100)}`;
}

function isHarmless(selector: JsonObject): boolean {
  const { field, equals, notEquals, ...others } = selector;
  if (Object.keys(others).length > 0) return false;
  if (field === 'eventCategory') return true;
  if (field === 'readOnly') return has(equals, 'false') && notEquals === undefined;
  return (
    field === 'eventSource' &&
    equals === undefined &&
    Array.isArray(notEquals) &&
    notEquals.every((name: Json) => HARMLESS.includes(String(name)))
  );
}

function has(list: Json | undefined, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}
