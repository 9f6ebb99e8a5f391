/** Values and names in SQL: the only way by which anything from outside gets into a statement. */
import { DrifttrailError } from 'drifttrail';

/** A literal. Throws `query-unsafe` for what no account, region or key is made of. */
export function text(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw unsafe(value);
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name in quotes. Throws `query-unsafe`. */
export function quoted(name: string): string {
  if (!/^[\w@$ .-]+$/.test(name)) throw unsafe(name);
  return `"${name}"`;
}

export function oneOf(expression: string, values: readonly string[]): string {
  return `${expression} IN (${values.map(text).join(', ')})`;
}

function unsafe(value: string): DrifttrailError {
  return new DrifttrailError({
    code: 'query-unsafe',
    message: `${JSON.stringify(value)} cannot stand in a query`,
    remedy: 'correct the name in drifttrail.yaml',
  });
}
