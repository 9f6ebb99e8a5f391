/** The first page: what changed in a span of time, the highest threat first. */
import { z } from 'zod';
import { reportAnswer } from '../answers.ts';
import type { Gap } from '../../model.ts';
import { gapsAt } from '../../pipeline/report.ts';
import { trailGaps } from '../../pipeline/trail-findings.ts';
import { unseenIn } from '../../questions/looks.ts';
import { toContract } from '../../report/contract.ts';
import { countLevels, REPORT_LEVELS } from '../../report/order.ts';
import { isBlank, unseenText } from '../../report/unseen.ts';
import { type Ask, fullFindings, requireSince, withMarks } from '../ask.ts';
import { html, link, type Markup } from '../markup.ts';
import { counted, level, moment, page, route } from '../route.ts';
import type { Row } from '../row.ts';
import { byThreat, portionOf, rowsWithin, unmappedWithin } from '../select.ts';
import { DURATIONS, type Window, windowOf, windowQuery, windowTitle } from '../span.ts';
import { card, count, pager } from './parts.ts';
import { plot } from './plot.ts';

const SIZE = 25;

export const threats = route({
  page: '/',
  api: '/api/report',
  summary: 'What changed in a span of time, the highest threat first; the JSON of `report`, a page of it at a time.',
  says: reportAnswer,
  parameters: z.object({
    since: moment,
    from: moment,
    to: moment,
    level,
    page,
    size: counted(500).default(SIZE).describe('Findings on a page.'),
  }),
  answer: async (given, ask) => {
    const window = windowOf(given, ask.now);
    await requireSince(ask, window.from);
    const table = ask.index.table();
    const all = byThreat(await withMarks(ask, rowsWithin(table, window)));
    const wanted = given.level === undefined ? all : all.filter((row) => row.level === given.level);
    const portion = portionOf(wanted, given.page, given.size);
    const [findings, gaps, unseen] = await Promise.all([fullFindings(ask, portion.items), gapsOf(ask), unseenIn(ask.deployment, window)]);
    const unmapped = unmappedWithin(table, window);
    const query = { ...windowQuery(window), level: given.level };
    return {
      json: () => ({
        ...toContract({ findings, gaps, unmapped, window, generatedAt: ask.now.toISOString(), unseen }),
        counts: countLevels(all),
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: `Threats of ${windowTitle(window)}`,
        body: html`<h1>Threats of ${windowTitle(window)}</h1>
${tabs(window, given.level)}
${levels(all, query)}
${all.length === 0 ? '' : plot(wanted, window, query, ask.now)}
${gaps.length === 0 ? '' : html`<p class="warning"><a href="/coverage">${count(gaps.length, 'place')} could not be read</a>: of them this page can say nothing.</p>`}
${unseen === null || unseen.reason === 'never' ? '' : html`<p class="warning">${unseenText(unseen)}</p>`}
${wanted.length === 0 ? nothing(ask, window, gaps, all.length, isBlank({ unseen, window })) : findings.map((finding, at) => card(finding, ask.titles, at === 0))}
${pager(portion, '/', query)}
${unmappedText(unmapped)}`,
      }),
    };
  },
});

/** Those of systems stand in the commit; those of trails come and go without one. */
async function gapsOf({ deployment, memory }: Ask): Promise<readonly Gap[]> {
  const tip = await deployment.store.tip();
  const gaps = await memory.recall('gaps', tip, async () => (tip === null ? [] : gapsAt(deployment, tip)));
  return [...gaps, ...trailGaps(deployment)];
}

function tabs(window: Window, wanted: string | undefined): Markup {
  const items = DURATIONS.map((since) => {
    const query = { since: since === '24h' ? undefined : since, level: wanted };
    return html`<li><a href="${link('/', query)}"${window.since === since ? html` aria-current="true"` : ''}>${since.replace('h', ' h').replace('d', ' d')}</a></li>`;
  });
  return html`<ul class="tabs" aria-label="Span of time">${items}</ul>`;
}

function levels(rows: readonly Row[], query: Readonly<Record<string, string | undefined>>): Markup {
  const counts = countLevels(rows);
  const aside = rows.filter(({ ignored }) => ignored !== undefined).length;
  const items = REPORT_LEVELS.filter((name) => counts[name] > 0).map((name) => {
    const chosen = query['level'] === name;
    return html`<li><a href="${link('/', { ...query, level: chosen ? undefined : name })}"${chosen ? html` aria-current="true"` : ''}><span class="level ${name}">${name}</span> ${counts[name]}</a></li>`;
  });
  if (items.length === 0) return html``;
  const all = query['level'] === undefined ? '' : html`<li><a href="${link('/', { ...query, level: undefined })}">all levels</a></li>`;
  return html`<ul class="counts">${items}${all}${aside === 0 ? '' : html`<li>${aside} set aside</li>`}</ul>`;
}

/** An empty list says why it is empty, and what to do next. */
function nothing({ index }: Ask, window: Window, gaps: readonly Gap[], others: number, isUnseen: boolean): Markup {
  // The template's commit and the baseline.
  if (index.table().entries.length <= 2)
    return html`<p class="empty">No change was recorded yet. The first <code>drifttrail snapshot</code> is the baseline; what changes after it stands here.</p>`;
  if (others > 0) return html`<p class="empty">None of this level.</p>`;
  const what = isUnseen ? 'Nothing is known.' : gaps.length === 0 ? 'Nothing changed.' : 'Nothing changed in what could be read.';
  const wider = window.since === '30d' ? '' : html` <a href="/?since=30d">The last 30 days</a>`;
  return html`<p class="empty">${what}${wider}</p>`;
}

function unmappedText(unmapped: readonly { readonly name: string; readonly source: string; readonly count: number }[]): Markup {
  if (unmapped.length === 0) return html``;
  return html`<section><h2>Writes that no mapping knows</h2><ul>${unmapped.slice(0, 50).map(({ name, source, count: times }) => html`<li>${source} ${name} × ${times}</li>`)}</ul></section>`;
}
