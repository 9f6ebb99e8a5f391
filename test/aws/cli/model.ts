/** The API of a service as the SDK's own schemas have it, under the names of the aws command line. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';

export interface Operation {
  /** `CreateRoute` */
  readonly name: string;
  readonly input: Shape;
}

export type Shape =
  | { readonly type: 'string' | 'number' | 'boolean' | 'document' }
  | { readonly type: 'list' | 'map'; readonly of: () => Shape }
  | { readonly type: 'structure'; readonly members: () => ReadonlyMap<string, Shape>; readonly required: readonly string[] };

/** A schema of @smithy/types: a number for what is simple, an array for the rest; a function where it is told later. */
type Schema = number | string | readonly unknown[] | (() => Schema);

const SERVICES: Readonly<Record<string, object>> = { ec2, iam };
const OPERATION = 9;
const LIST_OF = 64;
const MAP_OF = 128;
const operationsOf = new Map<string, ReadonlyMap<string, Operation>>();

/** Every operation of a service under its word: `create-route`. Undefined for a service that is not known here. */
export function operations(service: string): ReadonlyMap<string, Operation> | undefined {
  const known = operationsOf.get(service);
  const client = SERVICES[service];
  if (known !== undefined || client === undefined) return known;
  const found = new Map<string, Operation>();
  for (const schema of Object.values(client)) {
    if (!Array.isArray(schema) || schema[0] !== OPERATION) continue;
    const [, , name, , input] = schema as unknown as readonly [number, string, string, unknown, Schema];
    found.set(optionName(name), { name, input: shapeOf(input) });
  }
  operationsOf.set(service, found);
  return found;
}

/** botocore's `xform_name` with dashes: `ClientIDList` → `client-id-list`, `EnableDns64` → `enable-dns64`. */
export function optionName(name: string): string {
  const plural = /[A-Z]{2,}s$/.exec(name)?.[0];
  const words = plural === undefined ? name : `${name.slice(0, -plural.length)}-${plural.toLowerCase()}`;
  return words
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

function shapeOf(reference: Schema): Shape {
  if (typeof reference === 'function') return shapeOf(reference());
  if (typeof reference === 'string') return { type: 'string' };
  if (typeof reference === 'number') return simpleShape(reference);
  const [first] = reference;
  // `[schema, traits]`, as the members of structures and lists are told.
  if (typeof first !== 'number' || reference.length === 2) return shapeOf(first as Schema);
  if (first === 1) return { type: 'list', of: () => shapeOf(reference[4] as Schema) };
  if (first === 2) return { type: 'map', of: () => shapeOf(reference[5] as Schema) };
  if (first === 0) return shapeOf(reference[4] as Schema);
  const names = reference[4] as readonly string[];
  const members = reference[5] as readonly Schema[];
  return {
    type: 'structure',
    members: () => new Map(names.map((name, index) => [name, shapeOf(members[index] ?? 0)])),
    required: names.slice(0, typeof reference[6] === 'number' ? reference[6] : 0),
  };
}

function simpleShape(code: number): Shape {
  if (code >= MAP_OF) return { type: 'map', of: () => simpleShape(code - MAP_OF) };
  if (code >= LIST_OF) return { type: 'list', of: () => simpleShape(code - LIST_OF) };
  if (code === 1 || code === 17 || code === 19) return { type: 'number' };
  if (code === 2) return { type: 'boolean' };
  return code === 15 ? { type: 'document' } : { type: 'string' };
}
