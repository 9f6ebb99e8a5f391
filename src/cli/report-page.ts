/** The page about a host, from its newest snapshot and from what could not be read of it. */
import type { Deployment } from '../deployment.ts';
import { kindNamed } from '../model.ts';
import { parse } from '../normalize/normalize.ts';
import { type Page, type PageChapter, pageTable } from '../report/page.ts';
import { kindTitle, minute } from '../report/words.ts';
import { coverageRows } from '../questions/coverage-rows.ts';

/** A day; as `coverage` and `check` have it. */
const STALE = 86_400_000;

/** What was not read for a day before `now` is told as not known. */
export async function pageOf(deployment: Deployment, scope: string, now: Date): Promise<Page> {
  const { store, layout, kinds } = deployment;
  const tip = await store.tip();
  const files = [...(tip === null ? [] : await store.tree(tip))].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    return ref === undefined || !`${ref.scope}/`.startsWith(`${scope}/`) ? [] : [{ ref, blob, kind: kindNamed(kinds, ref.kind) }];
  });
  const plural = (name: string) => kindNamed(kinds, name)?.plural ?? `${kindNamed(kinds, name)?.title ?? kindTitle(name)}s`;
  const told = files.filter(({ kind }) => kind?.evidence !== undefined);
  // Of a collection its members count, one file holds them all.
  const blobs = await store.read(
    files.filter(({ kind }) => kind?.evidence !== undefined || kind?.collection === true).map(({ blob }) => blob),
  );
  const chapters = new Map<string, PageChapter['tables'][number][]>();
  for (const { ref, blob, kind } of told.sort((a, b) => (a.kind?.evidence?.order ?? 0) - (b.kind?.evidence?.order ?? 0))) {
    const bytes = blobs.get(blob);
    if (bytes === undefined || kind?.evidence === undefined) continue;
    const { chapter } = kind.evidence;
    chapters.set(chapter, [
      ...(chapters.get(chapter) ?? []),
      pageTable(kind.collection === true ? plural(ref.kind) : kind.title, parse(bytes, kind), kind.evidence),
    ]);
  }
  const counts = new Map<string, number>();
  for (const { ref, blob, kind } of files) {
    if (kind?.evidence !== undefined) continue;
    const bytes = kind?.collection === true ? blobs.get(blob) : undefined;
    const members = bytes === undefined || kind === undefined ? 1 : Object.keys(parse(bytes, kind) ?? {}).length;
    counts.set(ref.kind, (counts.get(ref.kind) ?? 0) + members);
  }
  const rows = (await coverageRows(deployment, now, STALE)).filter((row) => `${row.scope}/`.startsWith(`${scope}/`));
  const times = rows.flatMap(({ lastComplete }) => lastComplete ?? []).sort();
  return {
    name: scope.slice(scope.indexOf('/') + 1),
    scope,
    chapters: [...chapters].map(([title, tables]) => ({ title, tables })),
    others: [...counts].map(([kind, count]) => ({
      title: count === 1 ? (kindNamed(kinds, kind)?.title ?? kindTitle(kind)) : plural(kind),
      count,
    })),
    doubts: rows
      .filter(({ status }) => status !== 'complete')
      .map(({ kind, gap, lastComplete }) => ({ title: kind === '*' ? 'everything' : plural(kind), text: doubt(gap, lastComplete) })),
    read: { oldest: times[0] ?? null, newest: times.at(-1) ?? null },
  };
}

function doubt(gap: { readonly reason: string } | null, lastComplete: string | null): string {
  const when = lastComplete === null ? 'never read completely' : `last read completely at ${minute(lastComplete)} UTC`;
  return gap === null ? when : `cannot be read (${gap.reason}), ${when}`;
}
