/** JSON pointers (RFC 6901) and pointer patterns: `*` is any one segment, a last `**` is anything below. */
import type { Json, JsonObject } from './model.ts';

export function escapeSegment(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment;
}

export function unescapeSegment(segment: string): string {
  return segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment;
}

/** `pointer('routes', '0.0.0.0/0')` is `/routes/0.0.0.0~10`. */
export function pointer(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${escapeSegment(String(segment))}`).join('');
}

export function segmentsOf(path: string): string[] {
  return path === '' ? [] : path.slice(1).split('/').map(unescapeSegment);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a pointer; undefined when there is none. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const segment of segmentsOf(path)) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(segment)];
    else if (isObject(current) && Object.hasOwn(current, segment)) current = current[segment];
    else return undefined;
  }
  return current;
}

/** Whether a pointer fits a pattern. A pattern without wildcards fits itself only. */
export function matchesPattern(pattern: string, path: string): boolean {
  const wanted = segmentsOf(pattern);
  const found = segmentsOf(path);
  if (wanted.at(-1) === '**') {
    wanted.pop();
    if (found.length < wanted.length) return false;
  } else if (found.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === '*' || segment === found[index]);
}

/** Whether one pointer is the other or stands above it. */
export function contains(above: string, below: string): boolean {
  return below === above || below.startsWith(`${above}/`);
}
