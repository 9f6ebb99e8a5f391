/** The kinds of a Windows machine: one for each section of the answer. */
import type { Kind } from 'drifttrail';
import { SECTIONS } from './sections/index.ts';
import { onItsHost, UNDO } from './undo.ts';

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  SECTIONS.map(({ word, kind }) => {
    const undo = UNDO[word];
    return [`windows.${word}`, undo === undefined ? kind : { ...kind, undo: onItsHost(undo) }];
  }),
);
