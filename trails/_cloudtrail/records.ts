/** The records inside the documents that carry them: trail files, LookupEvents answers, EventBridge events, plain lists. */
import { isObject, type Json } from 'drifttrail';

/** One level at a time; undefined stands for something that is neither a record nor carries any. */
export function recordsOf(document: Json): (Json | undefined)[] {
  if (Array.isArray(document)) return document.flatMap((item: Json) => recordsOf(item));
  if (!isObject(document)) return [undefined];
  // LookupEvents wraps a record in one that has an eventName of its own: the inner one is the record.
  const wrapped = document.CloudTrailEvent ?? document.cloudTrailEvent;
  if (typeof wrapped === 'string') return parsed(wrapped);
  if (isObject(wrapped)) return recordsOf(wrapped);
  if (Object.hasOwn(document, 'eventName')) return [document];
  for (const key of ['Records', 'Events', 'events']) if (Array.isArray(document[key])) return recordsOf(document[key]);
  const { detail } = document;
  if (typeof detail === 'string') return parsed(detail);
  if (isObject(detail)) return recordsOf(detail);
  return [undefined];
}

function parsed(text: string): (Json | undefined)[] {
  try {
    return recordsOf(JSON.parse(text) as Json);
  } catch {
    return [undefined]; // The caller reports it with its place.
  }
}
