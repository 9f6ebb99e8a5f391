/** Texts of one file on several sides, read as the data they hold where all of them are data of one syntax. */
import { documentOf, type FileDocument } from '../diff/document.ts';
import type { Json } from '../model.ts';

/** In place of each text its data; the texts themselves where one of them is no such data. Others than texts stay as they are. */
export function meaningsOf(id: string, configs: readonly (Json | undefined)[]): readonly (Json | undefined)[] {
  if (configs.some((config) => config !== null && config !== undefined && typeof config !== 'string')) return configs;
  const documents = configs.map((config) => (typeof config === 'string' ? documentOf(id, config) : undefined));
  const first = documents.find((document) => document !== undefined);
  const isData = ({ syntax, config }: FileDocument) => syntax === first?.syntax && typeof config === 'object';
  // A side that lacks the file has no data either; a lone scalar is a text like any other.
  if (configs.some((config, index) => typeof config === 'string' && !isAll(documents[index], isData))) return configs;
  return configs.map((config, index) => documents[index]?.config ?? config);
}

function isAll(document: FileDocument | undefined, test: (document: FileDocument) => boolean): boolean {
  return document !== undefined && test(document);
}
