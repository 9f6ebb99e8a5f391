/** What a message holds: the records that EventBridge put there, directly or through SNS, or the reason why it holds none. */
import { type AuditEvent, cut, isObject, type Json, type JsonObject, neutraliseLine } from 'drifttrail';
import { parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';

export type Opened =
  | { readonly events: readonly AuditEvent[] }
  /** `lost`: a record may have been in it. Otherwise it is something else that came to the wrong place. */
  | { readonly refused: string; readonly lost: boolean };

export function openMessage(body: string): Opened {
  const outer = parsed(body);
  if (outer === undefined) return { refused: 'it is not JSON', lost: true };
  if (!isSns(outer)) return openDocument(outer);
  const inner = parsed(outer.Message);
  return inner === undefined ? { refused: 'what SNS wrapped is not JSON', lost: true } : openDocument(inner);
}

/** Without raw delivery SNS sends an envelope. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function isSns(document: Json): document is JsonObject & { Message: string } {
  return (
    isObject(document) && document.Type === 'Notification' && typeof document.TopicArn === 'string' && typeof document.Message === 'string'
  );
}

function openDocument(document: Json): Opened {
  const other = otherThing(document);
  if (other !== undefined) return { refused: other, lost: false };
  const events = recordsOf(withPlace(document)).map((record) => (record === undefined ? undefined : parseRecord(record)));
  const known = events.filter((event) => event !== undefined);
  // Insights, which are no calls, leave none.
  if (known.length === events.length) return { events: known };
  return { refused: 'it holds no CloudTrail record', lost: true };
}

/** Old records do not say whose trail they are from; EventBridge's envelope does. */
function withPlace(document: Json): Json {
  if (!isObject(document) || !isObject(document.detail) || typeof document.account !== 'string') return document;
  return { ...document, detail: { recipientAccountId: document.account, ...document.detail } };
}

/** What a rule or a topic that is too wide sends along. */
function otherThing(document: Json): string | undefined {
  if (!isObject(document)) return undefined;
  const [first] = Array.isArray(document.Records) ? document.Records : [];
  const aboutObjects =
    document.Event === 's3:TestEvent' || Array.isArray(document.s3ObjectKey) || (isObject(first) && first.eventSource === 'aws:s3');
  if (aboutObjects) return 'it announces objects of a bucket, which the trail s3 reads from there';
  const type = document['detail-type'];
  if (typeof type !== 'string' || / via CloudTrail$/.test(type)) return undefined;
  return `it is an event of the type "${cut(neutraliseLine(type), 60)}"; narrow the rule to detail-type "AWS API Call via CloudTrail"`;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // The caller reports it.
  }
}
