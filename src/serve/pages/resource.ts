/** The biography of one resource: every change, when, by whom; and what differs between any two moments. */
import { z } from 'zod';
import { resourceAnswer } from '../answers.ts';
import { parseMoment } from '../../questions/time.ts';
import { editsBetween } from '../../compare/difference.ts';
import { configOf } from '../../compare/documents.ts';
import { DrifttrailError } from '../../errors.ts';
import type { Edit } from '../../model.ts';
import { findingJson } from '../../report/contract.ts';
import { kindTitle, minute } from '../../report/words.ts';
import type { CommitInfo } from '../../store/store.ts';
import { type Ask, fullFindings, requireSince, withMarks } from '../ask.ts';
import { html, link, type Markup } from '../markup.ts';
import { moment, page, path, route } from '../route.ts';
import { portionOf } from '../select.ts';
import { requireOrder } from '../span.ts';
import { card, count, editsTable, pager, patchOf, scopeLink } from './parts.ts';

const SIZE = 20;
/** Bytes of a diff, and edits, on one page. */
const MOST_PATCH = 200_000;
const MOST_EDITS = 200;

interface Between {
  readonly from: CommitInfo;
  readonly to: CommitInfo;
  readonly edits: readonly Edit[];
  readonly patch: string;
}

export const resource = route({
  page: '/resource',
  api: '/api/resource',
  summary: 'The changes of one resource, newest first, and with `from` what differs between two moments; `why` says the same.',
  says: resourceAnswer,
  parameters: z.object({ path, from: moment, to: moment, page }),
  answer: async ({ path: file, from, to, page: number }, ask) => {
    const span = from === undefined ? undefined : { from: parseMoment(from, ask.now), to: parseMoment(to ?? 'now', ask.now) };
    if (span === undefined && to !== undefined) throw endOnly(to);
    if (span !== undefined) requireOrder(span.from, span.to);
    const ref = ask.deployment.layout.refOf(file);
    await requireSince(ask);
    const story = ask.index.table().story(file);
    if (ref === undefined || (story.length === 0 && !(await isThere(ask, file)))) throw unknown(file);
    const portion = portionOf(await withMarks(ask, story), number, SIZE);
    const findings = await fullFindings(ask, portion.items);
    const between = span === undefined ? undefined : await differenceOf(ask, file, span);
    const name = `${kindTitle(ref.kind, ask.titles)} ${ref.id}`;
    return {
      json: () => ({
        schemaVersion: 1,
        resource: { ...ref, path: file },
        findings: findings.map(findingJson),
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
        ...(between === undefined
          ? {}
          : {
              difference: {
                from: { commit: between.from.sha, date: between.from.date },
                to: { commit: between.to.sha, date: between.to.date },
                edits: between.edits.map(({ path: place, before, after }) => ({ path: place, before, after })),
              },
            }),
      }),
      page: () => ({
        title: name,
        body: html`<h1>${name}</h1>
<p class="place"><a href="${scopeLink(ref.scope)}">${ref.scope}</a> · ${file} · ${count(story.length, 'change')} · <a href="${link('/api/resource', { path: file })}">JSON</a></p>
${dates(file, from, to)}
${between === undefined ? '' : betweenSection(between, `git -C ${ask.deployment.store.dir} diff ${between.from.sha.slice(0, 12)} ${between.to.sha.slice(0, 12)} -- ${file}`)}
<h2>Changes</h2>
${story.length === 0 ? html`<p class="empty">It is as it was when it was first recorded.</p>` : ''}
${findings.map((finding) => html`${card(finding, ask.titles, false)}${since(file, finding.window.from)}`)}
${pager(portion, '/resource', { path: file, from, to })}`,
      }),
    };
  },
});

async function isThere({ deployment: { store } }: Ask, file: string): Promise<boolean> {
  const tip = await store.tip();
  return tip !== null && (await store.fileAt(tip, file)) !== null;
}

function unknown(file: string): DrifttrailError {
  return new DrifttrailError({
    code: 'resource-unknown',
    message: `nothing was ever recorded as ${file}`,
    remedy: 'the search knows ids, names and files',
  });
}

function endOnly(to: string): DrifttrailError {
  return new DrifttrailError({
    code: 'time-invalid',
    message: `to=${to} says when to end, and nothing says when to begin`,
    remedy: 'give from, too',
  });
}

function since(file: string, from: string): Markup {
  return html`<p class="place"><a href="${link('/resource', { path: file, from: from.slice(0, 19).concat('Z') })}">what differs from before this change until now</a></p>`;
}

function dates(file: string, from: string | undefined, to: string | undefined): Markup {
  return html`<form class="dates" action="${'/resource'}"><input type="hidden" name="path" value="${file}">
<p><label for="from">Compare how it stood at (UTC date or time, or 7d ago as 7d)</label><input id="from" name="from" required value="${from ?? '7d'}"></p>
<p><label for="to">with how it stood at</label><input id="to" name="to" value="${to ?? 'now'}"></p><button>Show what differs</button></form>`;
}

async function differenceOf(ask: Ask, file: string, { from, to }: { readonly from: Date; readonly to: Date }): Promise<Between> {
  const { store, layout } = ask.deployment;
  const [a, b] = [await commitAt(ask, from), await commitAt(ask, to)];
  const contents = await Promise.all([store.fileAt(a.sha, file), store.fileAt(b.sha, file)]);
  const kind = layout.refOf(file)?.kind ?? '';
  const [before = null, after = null] = contents.map((bytes) => (bytes === null ? null : configOf(bytes, kind, ask.deployment)));
  const edits = before === null && after === null ? [] : editsBetween(before, after);
  return { from: a, to: b, edits, patch: await store.difference(a.sha, b.sha, [file], MOST_PATCH) };
}

async function commitAt({ deployment: { store }, index }: Ask, time: Date): Promise<CommitInfo> {
  const until = time.toISOString();
  for await (const commit of store.log({ until, max: 1 })) return commit;
  // Before the beginning nothing was there, and that is how the first commit has it.
  const oldest = index.table().entries.at(-1);
  if (oldest !== undefined) return store.info(oldest.sha);
  throw new DrifttrailError({ code: 'time-invalid', message: `nothing was recorded by ${until}`, remedy: 'name a later moment' });
}

function betweenSection({ from, to, edits, patch }: Between, whole: string): Markup {
  const table = editsTable(edits.slice(0, MOST_EDITS), { caption: 'Differences', before: 'then', after: 'later' });
  return html`<section><h2>From ${minute(from.date)} to ${minute(to.date)} UTC</h2>
<p class="place">the snapshots that stood then: ${from.sha.slice(0, 12)}, ${to.sha.slice(0, 12)}</p>
${edits.length === 0 ? html`<p>Nothing differs.</p>` : table}
${edits.length > MOST_EDITS ? html`<p>… and ${edits.length - MOST_EDITS} more</p>` : ''}
${patch === '' ? '' : patchOf(patch, whole)}</section>`;
}
