/** A captured file read as the data that it holds: by its name, and only where all of it is plainly that. */
import type { Json, Kind, Ref, Syntax } from '../model.ts';
import { isDeeper } from './syntax/depth.ts';
import { readIni } from './syntax/ini.ts';
import { readJson } from './syntax/json.ts';
import { readProperties } from './syntax/properties.ts';
import { readToml } from './syntax/toml.ts';
import { readXml } from './syntax/xml.ts';
import { readYaml } from './syntax/yaml.ts';

export interface FileDocument {
  readonly syntax: Syntax;
  /** Equal for two files that say the same. Holds no null: a null in the file is the word `null`. */
  readonly config: Json;
}

/** UTF-16 units; what is longer is compared line by line, in time that grows with its length. */
const LONGEST = 1024 * 1024;
/** YAML takes ten times as long as the others to read, and a hostile file of it more. */
const LONGEST_YAML = LONGEST / 4;

interface Reading {
  readonly syntax: Syntax;
  readonly read: (text: string) => Json | undefined;
  readonly longest?: number;
}

const ini: Reading = { syntax: 'ini', read: (text) => readIni(text, { needsSection: false }) };
/** Many programs call their own languages so: only with a section is it taken for one of these. */
const sections: Reading = { syntax: 'ini', read: (text) => readIni(text, { needsSection: true }) };
const options: Reading = { syntax: 'ini', read: (text) => readIni(text, { needsSection: true, dashIsUnderscore: true }) };
const yaml: Reading = { syntax: 'yaml', read: readYaml, longest: LONGEST_YAML };
const xml: Reading = { syntax: 'xml', read: readXml };
const UNITS = ['service', 'socket', 'timer', 'mount', 'automount', 'target', 'path', 'slice', 'network', 'netdev', 'link'];

const BY_EXTENSION: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['json', { syntax: 'json', read: readJson }],
  ['yaml', yaml],
  ['yml', yaml],
  ['toml', { syntax: 'toml', read: readToml }],
  ['xml', xml],
  ['config', xml],
  ['properties', { syntax: 'properties', read: readProperties }],
  ['ini', ini],
  ['cnf', options],
  ['conf', sections],
  ['cfg', sections],
  ['repo', sections],
  ...UNITS.map((unit) => [unit, sections] as const),
]);

/**
 * What a file of that path says; undefined for other names, for what is not wholly what its name tells, and for what is
 * too long or too deep. `content` is the text, or the bytes of one in UTF-8 or, by its mark, UTF-16.
 */
export function documentOf(path: string, content: string | Uint8Array): FileDocument | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const reading = BY_EXTENSION.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
  // Twice as many bytes as units is the most that UTF-16 takes.
  if (reading === undefined || !name.includes('.') || content.length > (typeof content === 'string' ? LONGEST : 2 * LONGEST))
    return undefined;
  const text = (typeof content === 'string' ? content : decoded(content)).replace(/^\uFEFF/, '');
  if (text.length > (reading.longest ?? LONGEST)) return undefined;
  const config = attempt(reading, text);
  return config === undefined || isDeeper(config) ? undefined : { syntax: reading.syntax, config };
}

/** What a resource's file is called where it was captured: in a tree its id is its own path, and ours spells capitals in another way. */
export function fileNameOf({ id }: Pick<Ref, 'id'>, path: string, { location }: Pick<Kind, 'location'>): string {
  return location?.type === 'tree' ? id : path;
}

/**
 * What a parser refuses, for whatever reason, is a text of lines. Each bounds its own depth: a pattern that V8 compiles when
 * little stack is left ends the process, and there is nothing to catch.
 */
function attempt({ read }: Reading, text: string): Json | undefined {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
