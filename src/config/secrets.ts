/** Secrets in the configuration: only `env:NAME` or `file:PATH`, resolved late and kept out of every message. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DrifttrailError, type Position } from '../errors.ts';
import { requirePlain } from '../plain-file.ts';
import { positionOf, type Source } from './problems.ts';

/** An option that holds a secret: the configuration must say where it is, not what it is. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ secret: true });
}

/** Where secrets are looked up: `dir` is that of relative paths. */
export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dir: string;
}

/**
 * Replaces every `env:NAME` and `file:PATH` in a plug-in's options by what it stands for, or by what `standIn` says for one that
 * is missing. Throws `secret-missing`, unless `standIn` does otherwise, and `secret-in-config`.
 */
export function resolveSecrets(
  options: Readonly<Record<string, unknown>>,
  schema: z.ZodType,
  source: Source,
  prefix: readonly PropertyKey[],
  deps: SecretPlaces,
  standIn: (error: DrifttrailError, path: readonly PropertyKey[]) => string = refuse,
): Record<string, unknown> {
  const walk = (value: unknown, path: readonly PropertyKey[], mustHide: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], mustHide));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], mustHide || secretKeys.has(key))]),
      );
    }
    if (typeof value !== 'string') return value;
    const position = positionOf(source, path);
    if (value.startsWith('env:') || value.startsWith('file:')) {
      try {
        return named(value, deps, position);
      } catch (error) {
        if (error instanceof DrifttrailError) return standIn(error, path);
        throw error;
      }
    }
    if (mustHide) {
      throw new DrifttrailError({
        code: 'secret-in-config',
        message: `${String(path.at(-1))} is a secret`,
        remedy: 'write env:NAME or file:PATH instead of its value',
        position,
      });
    }
    return value;
  };
  const secretKeys = namesOfSecrets(schema);
  return walk(options, prefix, false) as Record<string, unknown>;
}

/** A secret that a flag names: `env:NAME` or `file:PATH`. @throws {DrifttrailError} `secret-missing`, `secret-in-flag` */
export function namedSecret(text: string, places: SecretPlaces): string {
  if (text.startsWith('env:') || text.startsWith('file:')) return named(text, places);
  throw new DrifttrailError({
    code: 'secret-in-flag',
    message: 'a secret on the command line can be read by every user of the machine',
    remedy: 'write env:NAME or file:PATH instead of its value',
  });
}

function named(text: string, { env, dir }: SecretPlaces, position?: Position): string {
  return text.startsWith('env:') ? fromEnvironment(text.slice(4), env, position) : fromFile(resolve(dir, text.slice(5)), position);
}

function refuse(error: DrifttrailError): never {
  throw error;
}

function namesOfSecrets(schema: z.ZodType): Set<string> {
  const found = new Set<string>();
  const visit = (node: unknown, name?: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (name !== undefined && (node as { secret?: unknown }).secret === true) found.add(name);
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const [property, child] of Object.entries(value as object)) visit(child, property);
      else visit(value, name);
    }
  };
  visit(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));
  return found;
}

function fromEnvironment(name: string, env: Readonly<Record<string, string | undefined>>, position?: Position): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new DrifttrailError({
    code: 'secret-missing',
    message: `the environment variable ${name} is not set`,
    remedy: `export ${name}=… before you start drifttrail`,
    ...(position === undefined ? {} : { position }),
  });
}

function fromFile(path: string, position?: Position): string {
  requirePlain(path);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new DrifttrailError({
      code: 'secret-missing',
      message: `cannot read the secret file ${path}: ${(cause as NodeJS.ErrnoException).code}`,
      remedy: 'create it with mode 0600',
      ...(position === undefined ? {} : { position }),
      cause,
    });
  }
}
