/** Makes text from names, tags and actors harmless for terminals, logs and chats, and still readable. */

/** Whole terminal sequences go at once, so that their letters do not stay behind as litter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const TERMINAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])|\u009b[0-?]*[ -/]*[@-~]/g;
/** Controls, direction marks and overrides, invisible joiners and tags, line separators; not tab and newline. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text of several lines. Lone surrogates and what cannot be seen become U+FFFD. */
export function neutralise(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(TERMINAL, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(UNSEEN, '\ufffd');
}

/** The same on one line: for names, subjects and headers. */
export function neutraliseLine(text: string): string {
  return neutralise(text)
    .replaceAll(/[\t\n]+/g, ' ')
    .trim();
}

/** At most `most` UTF-16 units, never within a code point, and visibly cut. */
export function cut(text: string, most: number, mark = '…'): string {
  if (text.length <= most) return text;
  let end = Math.max(0, most - mark.length);
  const unit = text.charCodeAt(end - 1);
  if (unit >= 0xd800 && unit <= 0xdbff) end--;
  return `${text.slice(0, end)}${mark}`.slice(0, most);
}
