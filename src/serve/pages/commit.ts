/** One commit: its findings, the highest threat first, and what git says of it. */
import { z } from 'zod';
import { commitAnswer } from '../answers.ts';
import { toContract } from '../../report/contract.ts';
import { minute } from '../../report/words.ts';
import { fullFindings, requireSince, withMarks } from '../ask.ts';
import { html } from '../markup.ts';
import { commit, page, route } from '../route.ts';
import { readEntries } from '../scan.ts';
import { byThreat, portionOf } from '../select.ts';
import { card, count, pager, patchOf } from './parts.ts';

const SIZE = 25;
/** Bytes. */
const MOST_PATCH = 200_000;

export const commitPage = route({
  page: '/commits/:commit',
  api: '/api/commits/:commit',
  summary: 'One commit and its findings; the JSON of `show`, a page of it at a time.',
  says: commitAnswer,
  parameters: z.object({ commit, page }),
  answer: async ({ commit: name, page: number }, ask) => {
    const { store } = ask.deployment;
    const info = await store.info(name);
    await requireSince(ask, info.date);
    const table = ask.index.table();
    // Of a commit beside the branch, such as one of `attributed`, nothing is noted.
    const entry = table.entry(info.sha) ?? (await readEntries(store, [info], new Map(), ask.titles))[0];
    const rows = byThreat(await withMarks(ask, entry?.rows.filter((row) => table.row(row.id) === row) ?? []));
    const portion = portionOf(rows, number, SIZE);
    const findings = await fullFindings(ask, portion.items);
    const window = { from: findings[0]?.window.from ?? info.date, to: findings[0]?.window.to ?? info.date };
    const patch = number > 1 ? '' : await store.patch(info.sha, undefined, MOST_PATCH);
    return {
      json: () => ({
        ...toContract({ findings, gaps: [], unmapped: entry?.unmapped ?? [], window, generatedAt: ask.now.toISOString() }),
        commit: { sha: info.sha, parent: info.parent, date: info.date, subject: info.subject },
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: info.subject,
        body: html`<h1>${info.subject}</h1>
<p class="place">${minute(info.date)} UTC · commit ${info.sha.slice(0, 12)} · ${count(rows.length, 'finding')} · <a href="/api/commits/${info.sha}">JSON</a></p>
${rows.length === 0 ? html`<p class="empty">No findings: what is seen for the first time is a baseline, not a change.</p>` : findings.map((finding, at) => card(finding, ask.titles, at === 0))}
${pager(portion, `/commits/${info.sha.slice(0, 12)}`, {})}
${patch === '' ? '' : html`<details class="raw"><summary>The whole diff</summary>${patchOf(patch, `git -C ${store.dir} show ${info.sha.slice(0, 12)}`)}</details>`}`,
      }),
    };
  },
});
