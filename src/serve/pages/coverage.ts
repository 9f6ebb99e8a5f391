/** What is watched, how old it is, what cannot be read, and what nobody watches. */
import { z } from 'zod';
import { coverageAnswer } from '../answers.ts';
import { type CoverageRow, coverageRows } from '../../questions/coverage-rows.ts';
import { unwatched } from '../../questions/coverage-unwatched.ts';
import { describeAge, parseDuration } from '../../questions/time.ts';
import type { Json } from '../../model.ts';
import { kindTitle } from '../../report/words.ts';
import { healthProblems, readHealth } from '../../schedule/health.ts';
import { intervalOf } from '../../schedule/interval.ts';
import type { Ask } from '../ask.ts';
import { html, link, type Markup } from '../markup.ts';
import { named, page, route } from '../route.ts';
import { portionOf } from '../select.ts';
import { count, pager, scopeLink } from './parts.ts';

const SIZE = 100;
const MOST_UNWATCHED = 100;
const STATUS = ['unreadable', 'stale', 'complete'] as const;

export const coverage = route({
  page: '/coverage',
  api: '/api/coverage',
  summary: 'What is watched and when it was last read, the worst first, and what nobody watches; the JSON of `coverage`.',
  says: coverageAnswer,
  parameters: z.object({
    maxAge: z
      .string()
      .regex(/^\d{1,6}[smhdw]$/, 'must be a duration such as 24h')
      .default('24h')
      .describe('What is older is stale.'),
    status: z.enum(STATUS).optional().describe('Only this.'),
    scope: named.optional(),
    page,
  }),
  answer: async ({ maxAge, status, scope, page: number }, ask) => {
    const { deployment, memory } = ask;
    const rows = await coverageRows(deployment, ask.now, parseDuration(maxAge));
    const missed = await memory.recall('unwatched', await deployment.store.tip(), () => unwatched(deployment));
    const wanted = rows.filter(
      (row) => (status === undefined || row.status === status) && (scope === undefined || `${row.scope}/`.startsWith(`${scope}/`)),
    );
    const worstFirst = [...wanted].sort((a, b) => STATUS.indexOf(a.status) - STATUS.indexOf(b.status));
    const portion = portionOf(worstFirst, number, SIZE);
    const query = { maxAge: maxAge === '24h' ? undefined : maxAge, scope };
    return {
      json: () => ({
        schemaVersion: 1,
        coverage: portion.items as unknown as Json,
        unwatched: missed.slice(0, MOST_UNWATCHED) as unknown as Json,
        unwatchedTotal: missed.length,
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: 'Coverage',
        body: html`<h1>Coverage</h1>
${daemonText(ask)}
<ul class="counts">${STATUS.map((one) => {
          const number = rows.filter((row) => row.status === one).length;
          return number === 0
            ? ''
            : html`<li><a href="${link('/coverage', { ...query, status: status === one ? undefined : one })}"${status === one ? html` aria-current="true"` : ''}><span class="level ${one}">${one}</span> ${number}</a></li>`;
        })}</ul>
${rows.length === 0 ? html`<p class="empty">Nothing was read yet: <code>drifttrail snapshot</code></p>` : table(portion.items, ask)}
${pager(portion, '/coverage', { ...query, status })}
${unwatchedSection(missed)}`,
      }),
    };
  },
});

/** Whether the daemon is at work, where there is one. */
function daemonText({ deployment, now }: Ask): Markup {
  const health = readHealth(deployment.stateDir);
  if (health === undefined) return html``;
  const problems = healthProblems(health, now, intervalOf);
  const state = health.stopped === undefined ? `updated ${describeAge(now.getTime() - Date.parse(health.updatedAt))} ago` : 'stopped';
  return html`<p>The daemon: ${state}${problems.length === 0 ? '.' : html`: ${problems.join('; ')}`}</p>`;
}

function table(rows: readonly CoverageRow[], { titles }: Ask): Markup {
  const lines = rows.map(
    ({ scope, kind, status, resources, age, gap }) =>
      html`<tr><td><span class="level ${status}">${status}</span></td><td><a href="${scopeLink(scope)}">${scope}</a></td><td>${kind === '*' ? 'everything' : kindTitle(kind, titles)}</td><td>${resources}</td><td class="time">${age === null ? 'never' : `${describeAge(age)} ago`}</td><td>${gap === null ? '' : `${gap.reason}: ${gap.detail}`}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="Coverage"><table><thead><tr><th scope="col">status</th><th scope="col">scope</th><th scope="col">kind</th><th scope="col">things</th><th scope="col">complete</th><th scope="col">why not</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}

function unwatchedSection(missed: Awaited<ReturnType<typeof unwatched>>): Markup {
  if (missed.length === 0) return html``;
  const items = missed.slice(0, MOST_UNWATCHED).map(({ title, id, scope }) => html`<li>${title} ${id} <small>${scope ?? ''}</small></li>`);
  const rest =
    missed.length > MOST_UNWATCHED ? html`<p>… and ${missed.length - MOST_UNWATCHED} more: <code>drifttrail coverage --all</code></p>` : '';
  return html`<section><h2>Not watched: ${count(missed.length, 'thing')}</h2><p>They exist, and no snapshot is named after them or their addresses.</p><ul>${items}</ul>${rest}</section>`;
}
