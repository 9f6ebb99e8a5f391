/** How CloudTrail spells names and values. */
import type { Json } from '../../../../src/model.ts';

export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

const NUMBERS = new Set(
  'fromPort toPort ruleNumber from to type code minCount maxCount durationSeconds maxSessionDuration availableIpAddressCount maxEntries version deviceIndex'.split(
    ' ',
  ),
);

/** A value of the older actions: numbers and booleans where the API's model has them, else text. */
export function typedByName(name: string, value: string): Json {
  if (value === 'true' || value === 'false') return value === 'true';
  return NUMBERS.has(name) && /^-?\d+$/.test(value) ? Number(value) : value;
}

/** A value of the newer actions, whose XML was turned into JSON without a model. */
export function typedByLook(value: string): Json {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `2023-07-10T12:06:32Z` as IAM's records have it: `Jul 10, 2023 12:06:32 PM`. */
export function longDate(iso: string): string {
  const date = new Date(iso);
  const hours = date.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${hours % 12 === 0 ? 12 : hours % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
}
