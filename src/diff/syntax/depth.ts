/** How deep documents may be: who walks one deeper could run out of stack, which V8 does not always say with an exception. */
import type { Json } from '../../model.ts';
import { isObject } from '../../pointer.ts';

/** Of objects and lists in each other. */
export const DEEPEST = 200;

/** Goes no deeper than `left` itself. */
export function isDeeper(value: Json, left = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const below = isObject(value) ? Object.values(value) : (value as readonly Json[]);
  return left === 0 || below.some((item) => isDeeper(item, left - 1));
}
