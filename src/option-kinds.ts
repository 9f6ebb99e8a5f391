/** Kinds that the configuration describes: every entry of an exporter knows those of all its entries, as they share one history. */
import canonical from 'fast-json-stable-stringify';
import { DrifttrailError } from './errors.ts';
import type { Exporter, Kind } from './model.ts';

interface Entry {
  readonly exporter: Exporter;
  readonly shape: unknown;
}

/** Throws `kind-ambiguous` where two entries describe one kind differently. */
export function withOptionKinds<Own extends Entry>(entries: readonly Own[]): Own[] {
  const known = new Map<string, Record<string, Kind>>();
  for (const { exporter, shape } of entries) {
    const kinds = known.get(exporter.name) ?? { ...exporter.kinds };
    for (const [name, kind] of Object.entries(exporter.kindsOf?.(shape) ?? {})) {
      const other = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
      if (other !== undefined && canonical(other) !== canonical(kind)) {
        throw new DrifttrailError({
          code: 'kind-ambiguous',
          message: `two entries of use: ${exporter.name} describe the kind ${name} differently`,
          remedy: 'describe it alike in both, or give one of them another name',
        });
      }
      kinds[name] = kind;
    }
    known.set(exporter.name, kinds);
  }
  return entries.map((entry) =>
    entry.exporter.kindsOf === undefined
      ? entry
      : { ...entry, exporter: { ...entry.exporter, kinds: known.get(entry.exporter.name) ?? {} } },
  );
}
