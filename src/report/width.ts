/** How many columns of a terminal a text takes, and where it may be cut: never within what a reader takes for one character. */
import { eastAsianWidth } from 'get-east-asian-width';

/** A column each: most texts are so, and need no closer look. */
const PLAIN = /^[\u0020-\u007e]*$/;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
/** Nothing but marks and joiners, which stand upon or between others. */
const EMPTY = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
/** The voiced marks of half-width kana belong to the kana before and have a column of their own. */
const VOICED = /[\uff9e\uff9f]$/;

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one character, one after the other. */
export function* characters(text: string): Generator<string> {
  if (PLAIN.test(text)) return yield* text;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Columns of safe text. What is ambiguous is narrow, as terminals outside of East Asia have it. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of characters(text)) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (EMPTY.test(character)) return 0;
  if (EMOJI.test(character)) return 2;
  return eastAsianWidth(character.codePointAt(0) ?? 0) + (character.length > 1 && VOICED.test(character) ? 1 : 0);
}

/** The longest beginning that takes at most so many columns. */
export function beginningOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, columns);
  let kept = '';
  let width = 0;
  for (const character of characters(text)) {
    width += columnsOf(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}
