/** The records inside the documents that carry them: trail files, LookupEvents answers, EventBridge events, plain lists. */
import { isObject, type Json } from 'drifttrail';

/** One level at a time; undefined stands for something that is neither a record nor carries any. */
export function recordsOf(document: Json): (Json | undefined)[] {
  if (Array.isArray(document)) return document.flatMap((item: Json) => recordsOf(item));
  if (!isObject(document)) return [undefined];
  if (Object.hasOwn(document, 'eventName')) return [document];
  for (const key of ['Records', 'Events', 'events']) if (Array.isArray(document[key])) return recordsOf(document[key]);
  for (const key of ['detail', 'CloudTrailEvent', 'cloudTrailEvent']) {
    const inner = document[key];
    if (typeof inner === 'string') return parsed(inner);
    if (isObject(inner)) return recordsOf(inner);
  }
  return [undefined];
}

function parsed(text: string): (Json | undefined)[] {
  try {
    return recordsOf(JSON.parse(text) as Json);
  } catch {
    return [undefined]; // The caller reports it with its place.
  }
}
