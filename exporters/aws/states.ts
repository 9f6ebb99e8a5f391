/** States on the way to another one: what AWS is still busy with is written as what it will be, so that no run catches it half done. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { objectsOf, textOf } from './document.ts';

/** `pending` a second after CreateSubnet, `available` in the next answer; sources are the state enums of the EC2 model. */
const LEADS_TO: Readonly<Record<string, string>> = {
  pending: 'available',
  modifying: 'available',
  creating: 'available',
  associating: 'associated',
  attaching: 'attached',
  enabling: 'enabled',
};
const STATE_FIELD = /^(state|status|\w+State)$/;
const LEAVING = /^(deleting|deleted|detaching|detached|disassociating|disassociated|unassigning|disabling|disabled)$/i;

/** The same document with every state settled; failures and all that lasts stay as they are. */
export function settled<Value extends Json>(value: Value): Value {
  return settle(value) as Value;
}

function settle(value: Json): Json {
  if (Array.isArray(value)) return value.map(settle);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      STATE_FIELD.test(name) && typeof field === 'string' ? (LEADS_TO[field.toLowerCase()] ?? field) : settle(field),
    ]),
  );
}

/** Listed although it is gone or going: AWS shows some parts for minutes or hours after their end. */
export function isLeaving(part: Json | undefined, ...path: readonly string[]): boolean {
  return LEAVING.test(textOf(part, ...path) ?? '');
}

/** The parts of a list that are there and not on their way out; `field` holds their state, or an object with it. */
export function standing(item: JsonObject, list: string, field: string): JsonObject[] {
  return objectsOf(item, list).filter((part) => !isLeaving(part, field) && !isLeaving(part, field, 'state'));
}
