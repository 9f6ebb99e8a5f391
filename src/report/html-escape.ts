/** Text from outside as text of a page: nothing in it can become markup, or an attribute's end. */
import { clean, cleanLines } from './clean.ts';

/** One line. */
export function escapeHtml(text: string): string {
  return escaped(clean(text));
}

/** Several lines, for `<pre>`; their ends and tabs stay. */
export function escapeLines(text: string): string {
  return escaped(cleanLines(text));
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
