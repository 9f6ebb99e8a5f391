/** The records inside the documents that carry them: trail files, LookupEvents answers, EventBridge events, what log shippers made of them. */
import { isObject, type Json, type JsonObject } from 'drifttrail';

/** CloudTrail, LookupEvents, CloudWatch Logs (a subscription, a search) and the results of queries call their lists so. */
const LISTS = ['Records', 'records', 'Events', 'events', 'logEvents', 'results'];
/**
 * What one record is kept under, as an object or as text: EventBridge, HTTP collectors and Elastic, Wazuh, Splunk, CloudWatch Logs,
 * SNS, SQS.
 */
const HOLDERS = ['detail', 'event', 'original', 'aws', 'result', '_raw', '@message', 'message', 'Message', 'body'];

/** One level at a time; undefined stands for something that is neither a record nor carries any. */
export function recordsOf(document: Json): (Json | undefined)[] {
  if (Array.isArray(document)) return isRow(document) ? recordsOf(objectOf(document)) : document.flatMap((item: Json) => recordsOf(item));
  if (!isObject(document)) return [undefined];
  // LookupEvents wraps a record in one that has an eventName of its own: the inner one is the record.
  const wrapped = document.CloudTrailEvent ?? document.cloudTrailEvent;
  if (typeof wrapped === 'string' || isObject(wrapped)) return held(wrapped);
  if (isInsight(document) || isCopy(document)) return [];
  if (Object.hasOwn(document, 'eventName') && !isNotification(document)) return [document];
  for (const key of LISTS) if (Array.isArray(document[key])) return recordsOf(document[key]);
  for (const key of HOLDERS) {
    const found = held(document[key] ?? null);
    if (!found.includes(undefined)) return found;
  }
  return [undefined];
}

function held(value: Json): (Json | undefined)[] {
  if (typeof value !== 'string') return isObject(value) ? recordsOf(value) : [undefined];
  try {
    return recordsOf(JSON.parse(value) as Json);
  } catch {
    return [undefined]; // The caller reports it with its place.
  }
}

/** Buckets and queues announce things in records of their own, which look alike: `"eventSource": "aws:s3"`. */
function isNotification({ eventSource }: JsonObject): boolean {
  return typeof eventSource === 'string' && eventSource.startsWith('aws:');
}

/** An unusual number of calls, which have records of their own. */
function isInsight({ eventCategory, eventType }: JsonObject): boolean {
  return eventCategory === 'Insight' || eventType === 'AwsCloudTrailInsight';
}

/**
 * What passed a VPC endpoint is told once more to whoever has the endpoint, whatever account it was about; only what the endpoint
 * refused has no record of its own.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
 */
function isCopy({ eventCategory, errorCode }: JsonObject): boolean {
  return eventCategory === 'NetworkActivity' && typeof errorCode !== 'string';
}

/** A result of CloudWatch Logs Insights: `[{ "field": "@message", "value": "…" }, …]`. */
function isRow(list: readonly Json[]): boolean {
  return list.length > 0 && list.every((cell) => isObject(cell) && typeof cell.field === 'string' && typeof cell.value === 'string');
}

function objectOf(row: readonly Json[]): JsonObject {
  return Object.fromEntries(row.flatMap((cell) => (isObject(cell) ? [[String(cell.field), cell.value ?? null]] : [])));
}
