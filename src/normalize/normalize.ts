/** From what an exporter yields to the bytes that are stored: sets, volatile, canonical form, redaction, text. */
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { DrifttrailError } from '../errors.ts';
import type { Json, Kind, Ref, Resource } from '../model.ts';
import type { Redactor } from './redact.ts';
import { keyed, listed } from './lists.ts';
import { shape } from './shape.ts';
import { stringify } from './stringify.ts';
import { decodeText } from './text.ts';

export interface Normalized {
  readonly ref: Ref;
  readonly name?: string;
  readonly bytes: Uint8Array;
  /** What `parse` gives for the bytes: for text kinds the redacted text. */
  readonly config: Json;
}

/** Throws a DrifttrailError `config-invalid` when a kind of data yields bytes. */
export function normalize(resource: Resource, kind: Kind, redact: Redactor): Normalized {
  const identity = resource.name === undefined ? { ref: resource.ref } : { ref: resource.ref, name: redact.message(resource.name) };
  if (kind.format === 'text') {
    const bytes = redact.bytes(textBytes(resource), resource.ref.id);
    return { ...identity, bytes, config: decodeText(bytes) };
  }
  if (resource.config instanceof Uint8Array) {
    throw new DrifttrailError({
      code: 'config-invalid',
      message: `${resource.ref.kind} ${resource.ref.id} is bytes, but its kind's format is ${kind.format}`,
      remedy: "yield plain data, or set the kind's format to text",
    });
  }
  const shaped = shape(resource.config, kind);
  const config = redact.json(kind.canonical === undefined ? shaped : kind.canonical(shaped), kind.secret ?? []);
  return { ...identity, bytes: Buffer.from(print(config, kind)), config: keyed(config, kind) };
}

/** The config that stored bytes stand for. Throws a DrifttrailError `stored-invalid` when they are not what the kind says. */
export function parse(bytes: Uint8Array, kind: Pick<Kind, 'format' | 'lists'>): Json {
  const text = decodeText(bytes);
  if (kind.format === 'text') return text;
  try {
    return keyed((kind.format === 'yaml' ? parseYaml(text, { maxAliasCount: 0 }) : JSON.parse(text)) as Json, kind);
  } catch (cause) {
    throw new DrifttrailError({
      code: 'stored-invalid',
      message: `stored bytes are not ${kind.format}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'run drifttrail doctor: somebody may have edited the snapshots repository',
      cause,
    });
  }
}

/** The text of the file that a config of data is stored as: what `parse` was given, but for what people did to the file. */
export function storedText(config: Json, kind: Pick<Kind, 'format' | 'lists'>): string {
  return print(listed(config, kind), kind);
}

function print(config: Json, kind: Pick<Kind, 'format'>): string {
  return kind.format === 'yaml' ? printYaml(config) : stringify(config);
}

function textBytes({ config, ref }: Resource): Uint8Array {
  if (config instanceof Uint8Array) return config;
  if (typeof config === 'string') return Buffer.from(config);
  throw new DrifttrailError({
    code: 'config-invalid',
    message: `${ref.kind} ${ref.id} is data, but its kind's format is text`,
    remedy: "yield a string or bytes, or set the kind's format to json",
  });
}

function printYaml(config: Json): string {
  return stringifyYaml(config, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
