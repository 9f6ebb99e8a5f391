/** Who changed things: everybody, and one person with all that they did. */
import { z } from 'zod';
import { actorAnswer, actorsAnswer } from '../answers.ts';
import { DrifttrailError } from '../../errors.ts';
import type { Json } from '../../model.ts';
import { countLevels, REPORT_LEVELS } from '../../report/order.ts';
import { minute } from '../../report/words.ts';
import { requireSince, withMarks } from '../ask.ts';
import { html, link, type Markup } from '../markup.ts';
import { level, moment, named, page, route } from '../route.ts';
import type { Row } from '../row.ts';
import { byTime, isBy, portionOf, rowsWithin } from '../select.ts';
import { windowOf, windowQuery, windowTitle } from '../span.ts';
import { actorLink, badge, count, pager, table } from './parts.ts';

const SIZE = 50;
const USUAL = '30d';

interface Person {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly worst: Row;
  readonly last: string;
}

export const actors = route({
  page: '/actors',
  api: '/api/actors',
  summary: 'Everybody who changed something in a span of time, the highest threat first.',
  says: actorsAnswer,
  parameters: z.object({ since: moment, from: moment, to: moment, page }),
  answer: async (given, ask) => {
    const window = windowOf(given, ask.now, USUAL);
    await requireSince(ask, window.from);
    const rows = rowsWithin(ask.index.table(), window);
    const portion = portionOf(people(rows), given.page, SIZE);
    const nobody = rows.filter(({ actor }) => actor === null).length;
    return {
      json: () => ({
        schemaVersion: 1,
        window: { from: window.from, to: window.to },
        actors: portion.items.map(({ name, rows: own, worst, last }) => ({
          name,
          findings: own.length,
          worst: worst.level,
          last,
          via: channels(own),
        })),
        unattributed: nobody,
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: `Actors of ${windowTitle(window)}`,
        body: html`<h1>Actors of ${windowTitle(window)}</h1>
<ul class="tabs" aria-label="Span of time">${['24h', '7d', '30d'].map((since) => html`<li><a href="${link('/actors', { since })}"${window.since === since ? html` aria-current="true"` : ''}>${since.replace(/(\d+)/, '$1 ')}</a></li>`)}</ul>
${portion.total === 0 ? html`<p class="empty">Nobody is known to have changed anything.</p>` : everybody(portion.items)}
${nobody === 0 ? '' : html`<p>Of ${count(nobody, 'finding')} nobody is known to have done it.</p>`}
${pager(portion, '/actors', windowQuery(window, USUAL))}`,
      }),
    };
  },
});

export const actor = route({
  page: '/actor',
  api: '/api/actor',
  summary: 'All that one person, role or ARN is known to have changed, newest first.',
  says: actorAnswer,
  parameters: z.object({
    name: named.min(1).describe('Whose changes: a person, a role or an ARN, as /actors and findings have it.'),
    level,
    page,
  }),
  answer: async ({ name, level: wanted, page: number }, ask) => {
    await requireSince(ask);
    const index = ask.index.table();
    const all = byTime(index.all().filter((row) => isBy(row, name)));
    if (all.length === 0)
      throw new DrifttrailError({
        code: 'actor-unknown',
        message: `nobody called ${name} is known to have changed anything`,
        remedy: 'the search finds people by a part of their name',
      });
    const portion = portionOf(wanted === undefined ? all : all.filter((row) => row.level === wanted), number, SIZE);
    const shown = await withMarks(ask, portion.items);
    const counts = countLevels(all);
    return {
      json: () => ({
        schemaVersion: 1,
        ...summary(name, all),
        counts,
        findings: shown.map(rowJson),
        page: portion.page,
        pages: portion.pages,
        total: portion.total,
      }),
      page: () => ({
        title: name,
        body: html`<h1>${name}</h1>
<dl>${Object.entries({ roles: distinct(all, ({ role }) => role), ARNs: distinct(all, ({ arn }) => arn), through: channels(all), where: distinct(all, ({ scope }) => scope).slice(0, 12) }).map(([what, values]) => (values.length === 0 ? '' : html`<dt>${what}</dt><dd>${values.join(', ')}</dd>`))}<dt>known since</dt><dd>${minute(all.at(-1)?.time ?? '')} UTC</dd></dl>
<ul class="counts">${REPORT_LEVELS.filter((one) => counts[one] > 0).map((one) => html`<li><a href="${link('/actor', { name, level: wanted === one ? undefined : one })}"${wanted === one ? html` aria-current="true"` : ''}><span class="level ${one}">${one}</span> ${counts[one]}</a></li>`)}</ul>
${table(shown, 'Findings, newest first')}
${pager(portion, '/actor', { name, level: wanted })}`,
      }),
    };
  },
});

export function rowJson({ id, commit, time, level, score, status, scope, kind, path, what, act, who, actor, undone, ignored }: Row): Json {
  const resource = { kind, scope, path: path === '' ? null : path };
  return {
    id,
    commit,
    time,
    threat: { level, score },
    resource,
    title: `${what}: ${act}`,
    who,
    actor,
    status,
    undone: undone?.at ?? null,
    ignored: ignored ?? null,
  };
}

function people(rows: readonly Row[]): Person[] {
  const byName = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.actor === null) continue;
    const own = byName.get(row.actor);
    if (own === undefined) byName.set(row.actor, [row]);
    else own.push(row);
  }
  const rank = ({ level, score }: Row) => REPORT_LEVELS.indexOf(level) * 1000 - score;
  return [...byName]
    .map(([name, own]) => {
      const worst = own.reduce((a, b) => (rank(b) < rank(a) ? b : a));
      return { name, rows: own, worst, last: own.reduce((a, b) => (b.time > a.time ? b : a)).time };
    })
    .sort((a, b) => rank(a.worst) - rank(b.worst) || b.rows.length - a.rows.length || (a.name < b.name ? -1 : 1));
}

function everybody(persons: readonly Person[]): Markup {
  const lines = persons.map(
    ({ name, rows, worst, last }) =>
      html`<tr><td>${badge(worst.level)}</td><td><a href="${actorLink(name)}">${name}</a></td><td>${rows.length}</td><td>${channels(rows).join(', ')}</td><td class="time">${minute(last)}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="Actors"><table><thead><tr><th scope="col">worst</th><th scope="col">who</th><th scope="col">findings</th><th scope="col">through</th><th scope="col">last (UTC)</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}

function summary(name: string, rows: readonly Row[]): Record<string, Json> {
  const { role, arn } = { role: distinct(rows, (row) => row.role), arn: distinct(rows, (row) => row.arn) };
  return { name, roles: role, arns: arn, via: channels(rows), since: rows.at(-1)?.time ?? null };
}

function channels(rows: readonly Row[]): string[] {
  return distinct(rows, ({ via }) => via);
}

function distinct(rows: readonly Row[], pick: (row: Row) => string | null): string[] {
  return [...new Set(rows.flatMap((row) => pick(row) ?? []))].sort();
}
