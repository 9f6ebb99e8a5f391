/** A message with every finding, in parts that a receiver takes in one piece: one after the other they tell all of it. */
import { createHash } from 'node:crypto';
import type { Change, Edit, Finding, Json, Message } from '../model.ts';
import { cut } from './escape.ts';

/** Few enough to be sent within the time of a delivery, and to be sent once more when one of them was not taken. */
const MOST = 100;
/** Characters of a value: no record holds more of one, and ten thousand findings are written down at once. */
const LONGEST = 4000;

/** The first keeps the id, so that a message that fits in one part is the same message. */
export function inParts(message: Message, most = MOST): Message[] {
  const count = Math.max(1, Math.ceil(message.findings.length / most));
  return Array.from({ length: count }, (_, index) => ({
    ...message,
    id: index === 0 ? message.id : idOf(message.id, index),
    findings: message.findings.slice(index * most, (index + 1) * most).map(slim),
  }));
}

function idOf(id: string, index: number): string {
  const digest = createHash('sha256').update(`${id} ${index}`).digest('hex');
  return `m-${digest.slice(0, 16)}`;
}

function slim({ change, parts, ...finding }: Finding): Finding {
  return { ...finding, ...(change && { change: slimChange(change) }), ...(parts && { parts: parts.map(slim) }) };
}

function slimChange({ before: _before, after: _after, ...change }: Change): Change {
  return { ...change, edits: change.edits.map(slimEdit) };
}

function slimEdit({ before, after, ...edit }: Edit): Edit {
  return { ...edit, before: slimValue(before), after: slimValue(after) };
}

/** A value that is too long becomes the beginning of its text, visibly cut. */
function slimValue(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST ? value : cut(text, LONGEST);
}
