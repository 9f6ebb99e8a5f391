/** The kinds of a Windows machine: one for each section of the answer. */
import type { Kind } from 'drifttrail';
import { ownOf } from './own.ts';
import { SECTIONS } from './sections/index.ts';
import { onItsHost, UNDO } from './undo.ts';

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  SECTIONS.map(({ word, kind }) => {
    const undo = UNDO[word];
    const own = ownOf(word);
    return [
      `windows.${word}`,
      { ...kind, ...(own === undefined ? {} : { own }), ...(undo === undefined ? {} : { undo: onItsHost(undo) }) },
    ];
  }),
);
