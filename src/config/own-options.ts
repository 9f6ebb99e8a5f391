/** A plug-in's own options: checked at once, usable once their secrets are there, so that a missing one stops nobody else. */
import type { ZodType } from 'zod';
import type { DrifttrailError } from '../errors.ts';
import { check, type Source } from './problems.ts';
import { resolveSecrets, type SecretPlaces } from './secrets.ts';

export interface OwnOptions {
  /** @throws {DrifttrailError} `secret-missing` */
  readonly options: () => unknown;
  /** Why `options` throws. */
  readonly unset: DrifttrailError | undefined;
  /** The options with stand-ins for secrets that are not there: for what a plug-in says of itself, never for what it does. */
  readonly shape: unknown;
}

/** Of the forms that plug-ins ask of a secret: a word of 32 letters and digits, an address, a mail address. */
const STAND_INS = ['0123456789abcdef0123456789abcdef', 'https://unset.invalid/', 'unset@unset.invalid'] as const;

/** Throws `config-invalid` and `secret-in-config`; `secret-missing` only where no stand-in has the form that is asked for. */
export function ownOptions(
  own: Readonly<Record<string, unknown>>,
  schema: ZodType,
  source: Source,
  prefix: readonly PropertyKey[],
  { others, ...places }: SecretPlaces & { readonly others: readonly string[] },
): OwnOptions {
  const missing = new Map<string, { readonly error: DrifttrailError; form: number }>();
  const resolve = () =>
    resolveSecrets(own, schema, source, prefix, places, (error, path) => {
      const known = missing.get(path.join('\0')) ?? { error, form: 0 };
      missing.set(path.join('\0'), known);
      return STAND_INS[known.form] ?? '';
    });
  let resolved = resolve();
  // Each that does not fit is tried in its next form.
  for (const _ of STAND_INS.slice(1).flatMap(() => [...missing])) {
    const wrong = schema.safeParse(resolved).error?.issues.flatMap(({ path }) => missing.get([...prefix, ...path].join('\0')) ?? []) ?? [];
    for (const one of new Set(wrong)) one.form++;
    if (wrong.length > 0) resolved = resolve();
  }
  const [first] = missing.values();
  const unfit = [...missing.values()].find(({ form }) => form >= STAND_INS.length);
  if (unfit !== undefined) throw unfit.error;
  const shape: unknown = check(schema, resolved, source, prefix, others);
  return unset(first?.error, shape);
}

/** Options that cannot be used as long as `error` stands; that can be when there is none. */
export function unset(error: DrifttrailError | undefined, shape: unknown): OwnOptions {
  const options = () => {
    if (error !== undefined) throw error;
    return shape;
  };
  return { options, unset: error, shape };
}
