/** The sentences about a comparison that every form of it shares. */
import type { Json } from '../model.ts';
import type { Comparison } from './compare.ts';
import type { DifferentPlace, Group } from './difference.ts';

/** Who stands out is whom one looks for. */
export function standsOut({ standard }: DifferentPlace, { sides }: Group): boolean {
  return standard !== undefined && sides !== standard.sides;
}

/** Not safe to print yet: it is somebody else's text. */
export function valueText(value: Json): string {
  if (value === null) return '(not there)';
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text === '' ? '(empty)' : text;
}

export function summaryOf({
  compared,
  differences,
  factoredOut,
  restated = 0,
  expected,
  accepted = 0,
  settled = 0,
  sides,
}: Comparison): string {
  const places = differences.reduce((sum, one) => sum + one.places.length, 0);
  const head =
    differences.length === 0
      ? `No ${accepted > 0 ? 'other ' : ''}difference in ${compared} resources`
      : `${places} ${places === 1 ? 'difference' : 'differences'} in ${differences.length} of ${compared} resources`;
  const rest = [
    factoredOut > 0
      ? `${factoredOut} ${factoredOut === 1 ? 'differs' : 'differ'} in nothing but what is their own: names, addresses, ids, minutes of cron jobs`
      : '',
    restated > 0 ? `${restated} more only ${restated === 1 ? 'says' : 'say'} again what these say` : '',
    expected > 0 ? `${expected} ${expected === 1 ? 'difference is' : 'differences are'} expected` : '',
    accepted > 0 ? `${accepted} ${accepted === 1 ? 'was' : 'were'} accepted` : '',
    settled > 0 ? `${settled} of the accepted differ no more or otherwise` : '',
  ].filter((text) => text !== '');
  return [`${head} of ${sides.length} sides`, ...rest].join('; ');
}
