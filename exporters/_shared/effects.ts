/** What an act did to a resource, in the words in which the tables of events speak. */
import type { Effect, Json, Ref } from 'drifttrail';

export const set = (ref: Ref, path: string, value?: Json): Effect => ({ ref, op: 'set', path, ...(value === undefined ? {} : { value }) });
export const unset = (ref: Ref, path: string, value?: Json): Effect => ({
  ref,
  op: 'unset',
  path,
  ...(value === undefined ? {} : { value }),
});
export const create = (ref: Ref): Effect => ({ ref, op: 'create', path: '' });
export const remove = (ref: Ref): Effect => ({ ref, op: 'delete', path: '' });

/** A consequence, of which nobody is told where it shows no difference. */
export const implied = (because: string, ...effects: readonly Effect[]): Effect[] =>
  effects.map((effect) => ({ ...effect, cascade: because }));
