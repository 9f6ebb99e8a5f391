/** Names as SQL writes them: parted at dots that stand outside of quotes, and quoted where they must be. */

/** `public."a.b".c` → its three parts, as written. */
export function partsOf(name: string): string[] {
  return name.match(/(?:"(?:[^"]|"")*"|\([^)]*\)|[^."])+/g) ?? [];
}

/** Everything before the last dot, and what is after it. */
export function splitLast(name: string): readonly [before: string, last: string] {
  const parts = partsOf(name);
  return [parts.slice(0, -1).join('.'), parts.at(-1) ?? ''];
}

/** What a part stands for: quotes taken off, and folded to lower case where there are none. */
export function meant(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();
}

export const literal = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
};

/** A name as a statement needs it. Keywords are written as they are: names of columns and settings may be. */
export const ident = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
