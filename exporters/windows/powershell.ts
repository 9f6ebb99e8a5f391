/** Words of PowerShell: quoted so that nothing in them means anything, on one line. */
import { UNSEEN } from '../_shell/words.ts';

/** PowerShell takes typographic single quotes for single quotes, too. */
const QUOTES = /['‘’‚‛]/g;

/** A string of PowerShell as an expression; what cannot be seen is put in by its number. */
export function literal(text: string): string {
  const parts = text.split(new RegExp(`(${UNSEEN.source})`, 'gu'));
  if (parts.length === 1) return inQuotes(text);
  return `(${parts.map((part, index) => (index % 2 === 0 ? inQuotes(part) : byNumber(part))).join(' + ')})`;
}

export function literals(texts: readonly string[]): string {
  return `@(${texts.map(literal).join(', ')})`;
}

function inQuotes(text: string): string {
  return `'${text.replaceAll(QUOTES, '$&$&')}'`;
}

/** UTF-16, unit by unit. */
function byNumber(text: string): string {
  return text
    .split('')
    .map((unit) => `[string][char]${unit.charCodeAt(0)}`)
    .join(' + ');
}
