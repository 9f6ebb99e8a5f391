/** What a report cannot tell of because nobody looked, in words. */
import { minute } from './words.ts';

export interface Unseen {
  /** Nobody ever looked; not since a moment; or the span ends before the first look. */
  readonly reason: 'never' | 'since' | 'before';
  /** The last look, or the first. */
  readonly at: string | null;
}

export function unseenText({ reason, at }: Unseen): string {
  const when = at === null ? '' : ` ${minute(at)} UTC`;
  if (reason === 'never') return 'Nothing was ever looked at here: drifttrail snapshot';
  if (reason === 'before') return `Nothing was looked at then: the history begins at${when}.`;
  return `Nothing was looked at since${when}: drifttrail snapshot looks now, drifttrail daemon from now on.`;
}

/** Whether nothing at all of a span was seen: then not even that nothing changed is known. */
export function isBlank({
  unseen,
  window,
}: {
  readonly unseen?: Unseen | null | undefined;
  readonly window: { readonly from: string };
}): boolean {
  return unseen != null && (unseen.reason !== 'since' || (unseen.at ?? '') < window.from);
}
