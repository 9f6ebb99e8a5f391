/** Findings by what is in them: an id, a name, a file, a person, an address, a word of a reason. */
import { z } from 'zod';
import { searchAnswer } from '../answers.ts';
import { requireSince, withMarks } from '../ask.ts';
import { html, link } from '../markup.ts';
import { level, named, page, route, words } from '../route.ts';
import { byTime, matches, portionOf } from '../select.ts';
import { rowJson } from './actors.ts';
import { count, pager, resourceLink, table } from './parts.ts';

const SIZE = 50;
/** Resources that the words lead to directly. */
const MOST_PLACES = 8;

export const search = route({
  page: '/search',
  api: '/api/search',
  summary: 'Findings with all of the words, newest first; `scope` leaves out what does not stand below it.',
  says: searchAnswer,
  parameters: z.object({ q: words.default(''), scope: named.optional(), level, page }),
  answer: async ({ q, scope, level: wanted, page: number }, ask) => {
    const asked = q.trim() !== '' || scope !== undefined;
    if (asked) await requireSince(ask);
    const index = ask.index.table();
    const found = !asked
      ? []
      : index
          .all()
          .filter(
            (row) =>
              (scope === undefined || `${row.scope}/`.startsWith(`${scope}/`)) &&
              (wanted === undefined || row.level === wanted) &&
              matches(row, q),
          );
    const portion = portionOf(byTime(found), number, SIZE);
    const shown = await withMarks(ask, portion.items);
    const places = [...new Set(found.map(({ path }) => path))].filter((path) => path !== '');
    const title = scope === undefined ? `Search: ${q}` : `${scope}${q === '' ? '' : `: ${q}`}`;
    return {
      json: () => ({
        schemaVersion: 1,
        q,
        scope: scope ?? null,
        findings: shown.map(rowJson),
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: asked ? title : 'Search',
        body: html`<h1>${asked ? title : 'Search'}</h1>
${scope === undefined ? '' : html`<p class="place"><a href="${link('/compare', { side: `${scope}@24h`, side2: scope })}">compare it with how it was a day ago</a> · <a href="/coverage">what is watched</a></p>`}
${!asked ? html`<p class="empty">Look for an id, a name, a file, a person, an address, or a word of a reason.</p>` : html`<p>${count(portion.total, 'finding')}</p>`}
${asked && portion.total === 0 ? html`<p class="empty">Nothing that was found to have changed has all of these words in it.</p>` : ''}
${places.length === 0 || places.length > MOST_PLACES ? '' : html`<ul>${places.map((path) => html`<li><a href="${resourceLink(path)}">${path}</a></li>`)}</ul>`}
${table(shown, 'Findings, newest first')}
${pager(portion, '/search', { q, scope, level: wanted })}`,
      }),
    };
  },
});
