/** The types of columns as Hive writes them: `struct<type:string,sessioncontext:struct<…>>`. */

/** By the column's name, in lower case. */
export type Schema = ReadonlyMap<string, string>;

/** Undefined when the table has no such place. */
export function typeAt(schema: Schema, path: readonly string[]): string | undefined {
  const [column = '', ...below] = path;
  let type = schema.get(column);
  for (const field of below) type = type === undefined ? undefined : new Map(fieldsOf(type)).get(field);
  return type;
}

/** The fields of a struct, or of the structs in an array, in order. */
export function fieldsOf(type: string): readonly (readonly [string, string])[] {
  const inner = /^(?:array\s*<\s*)?struct\s*<([\s\S]*)>$/i.exec(type.trim().replace(/^(array\s*<[\s\S]*)>$/i, '$1'))?.[1];
  if (inner === undefined) return [];
  return splitAtTop(inner).map((field) => {
    const colon = field.indexOf(':');
    return [
      field.slice(0, colon).trim().toLowerCase(),
      field
        .slice(colon + 1)
        .trim()
        .toLowerCase(),
    ] as const;
  });
}

function splitAtTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '<') depth++;
    if (character === '>') depth--;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
