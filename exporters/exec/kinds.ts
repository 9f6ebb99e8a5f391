/** The kinds of a program: those that its options describe, files, and one that stands for all that nobody described. */
import type { Kind } from 'drifttrail';
import type { ExecOptions, KindOptions } from './options.ts';

export const FILE = 'exec.file';

export const kinds: Readonly<Record<string, Kind>> = {
  [FILE]: { format: 'text', title: 'file', location: { type: 'tree', folder: 'file' } },
  'exec.*': { format: 'json', title: 'resource' },
};

export function kindsOf({ kinds: described }: Pick<ExecOptions, 'kinds'>): Readonly<Record<string, Kind>> {
  return Object.fromEntries(Object.entries(described).map(([word, own]) => [`exec.${word}`, kindOf(word, own)]));
}

function kindOf(word: string, { title, plural, format, extension, collection, sets, secret, volatile }: KindOptions): Kind {
  return {
    format,
    title: title ?? word.replaceAll('-', ' '),
    ...(plural === undefined ? {} : { plural }),
    ...(extension === undefined ? {} : { location: { type: 'folder' as const, folder: word, extension } }),
    ...(collection === undefined ? {} : { collection }),
    ...(format === 'text'
      ? {}
      : {
          sets: sets.map(({ path, key, value }) => ({
            path,
            ...(key === undefined ? {} : { key: typeof key === 'string' ? [key] : key }),
            ...(value === undefined ? {} : { value }),
          })),
          secret,
          volatile,
        }),
  };
}
