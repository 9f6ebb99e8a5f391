/** Texts of one file on several sides, read as the data they hold where all of them are data. */
import { parse as parseYaml } from 'yaml';
import type { Json } from '../model.ts';

const READERS: readonly { readonly names: RegExp; readonly read: (text: string) => unknown }[] = [
  { names: /\.json$/i, read: (text) => JSON.parse(text) as unknown },
  { names: /\.ya?ml$/i, read: (text) => parseYaml(text, { maxAliasCount: 0 }) as unknown },
];

/** In place of each text its data; the texts themselves where one of them is no such data. Others than texts stay as they are. */
export function meaningsOf(id: string, configs: readonly (Json | undefined)[]): readonly (Json | undefined)[] {
  const read = READERS.find(({ names }) => names.test(id))?.read;
  if (read === undefined || configs.some((config) => config !== null && config !== undefined && typeof config !== 'string')) return configs;
  const found: (Json | undefined)[] = [];
  for (const config of configs) {
    const data = typeof config === 'string' ? dataOf(config, read) : config;
    // A lone scalar is a text like any other.
    if (data === undefined ? typeof config === 'string' : data !== null && typeof data !== 'object') return configs;
    found.push(data);
  }
  return found;
}

/** Undefined for what its name says it is and is not. */
function dataOf(text: string, read: (text: string) => unknown): Json | undefined {
  try {
    return (read(text) ?? undefined) as Json | undefined;
  } catch {
    return undefined;
  }
}
