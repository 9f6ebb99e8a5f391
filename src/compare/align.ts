/** Which resource of one side is held against which of another: by id in renamed words, or by the name that both bear. */
import canonical from 'fast-json-stable-stringify';
import { nameOf } from '../diff/diff.ts';
import type { Document, Side } from './documents.ts';
import type { Own } from './own.ts';

export interface Aligned {
  readonly kind: string;
  readonly id: string;
  /** Of the side's scope: `eu-west-1` in an account; '' for the scope itself. */
  readonly below: string;
  readonly of: Map<string, Document>;
}

export function alignRows(
  sides: readonly Side[],
  owns: readonly Own[],
  named: readonly ReadonlyMap<Document, string>[],
): Map<string, Aligned> {
  const rows = new Map<string, Aligned>();
  for (const [index, side] of sides.entries()) {
    const alike = new Map<string, Omit<Aligned, 'of'> & { readonly documents: Document[] }>();
    for (const document of side.documents) {
      const counterpart = counterpartOf(document, side, owns[index], named[index]);
      const key = `${counterpart.kind}\n${counterpart.id}`;
      const entry = alike.get(key) ?? { ...counterpart, documents: [] };
      entry.documents.push(document);
      alike.set(key, entry);
    }
    for (const [key, { kind, id, below, documents }] of alike) {
      // Two that look the same, unnamed or named alike, are held against each other in the order of what they say.
      const words = (document: Document) => canonical(owns[index]?.renameJson(document.config) ?? null);
      const ordered =
        documents.length === 1
          ? documents
          : documents
              .map((one) => ({ one, say: words(one) }))
              .sort((a, b) => (a.say < b.say ? -1 : 1))
              .map(({ one }) => one);
      for (const [number, document] of ordered.entries()) {
        const place = number === 0 ? key : `${key}\n${number + 1}`;
        const row = rows.get(place) ?? { kind, below, id: number === 0 ? id : `${id} #${number + 1}`, of: new Map<string, Document>() };
        row.of.set(side.name, document);
        rows.set(place, row);
      }
    }
  }
  return rows;
}

/** Resources whose ids differ from side to side but whose names do not: the same thing in another place. */
export function matchNames(sides: readonly Side[]): Map<Document, string>[] {
  const ids = sides.map(({ documents }) => new Set(documents.map(({ ref }) => `${ref.kind} ${ref.id}`)));
  const isShared = ({ ref }: Document) => ids.every((set) => set.has(`${ref.kind} ${ref.id}`));
  const byName = sides.map(({ documents }) => {
    const found = new Map<string, Document | undefined>();
    for (const document of documents) {
      const name = isShared(document) ? undefined : nameOf(document.ref, document.config);
      if (name === undefined) continue;
      const key = `${document.ref.kind} ${name}`;
      found.set(key, found.has(key) ? undefined : document); // a name that two have names neither
    }
    return found;
  });
  return byName.map(
    (own) =>
      new Map(
        [...own].flatMap(([key, document]) => {
          const elsewhere = byName.some((other) => other !== own && other.get(key) !== undefined);
          return document !== undefined && elsewhere ? [[document, key.slice(key.indexOf(' ') + 1)] as const] : [];
        }),
      ),
  );
}

function counterpartOf(
  document: Document,
  side: Side,
  own: Own | undefined,
  names: ReadonlyMap<Document, string> | undefined,
): Omit<Aligned, 'of'> {
  const { kind, id, scope } = document.ref;
  const below = scope.slice(side.scope.length + 1);
  const name = names?.get(document) ?? own?.rename(id) ?? id;
  return { kind, below, id: below === '' ? name : `${below} ${name}` };
}
