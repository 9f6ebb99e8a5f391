/** Settings of a role or a database, which stand below it place by place. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { implied, set, unset } from '../../_sql/effects.ts';
import { meant } from '../../_sql/names.ts';
import type { Act } from './act.ts';

/** `SET name = value` and `RESET name` of a role or a database. */
export function settingEffect({ cursor }: Act, ref: Ref, at: readonly string[], verb: 'SET' | 'RESET'): Effect[] {
  if (cursor.take('ALL')) return [set(ref, `${pointer(...at)}/**`), unset(ref, pointer(...at))];
  const name = cursor.name();
  if (name === undefined) return [];
  const path = pointer(...at, meant(name));
  // The first setting of a place brings the place, the last one takes it away.
  return verb === 'RESET' ? [unset(ref, path), ...implied('its last setting', unset(ref, pointer(...at)))] : [set(ref, path)];
}
