/** Two or more scopes side by side, each at its time: what differs, who stands out. */
import { z } from 'zod';
import { compareAnswer } from '../answers.ts';
import { expectedIn, sidesOf } from '../../questions/sides.ts';
import { recordedScopes } from '../../questions/scopes.ts';
import { type Comparison, compareSides, type Difference } from '../../compare/compare.ts';
import { comparisonJson } from '../../compare/contract.ts';
import { isWithin } from '../../compare/documents.ts';
import { parseSides } from '../../compare/side.ts';
import { summaryOf } from '../../compare/words.ts';
import { DrifttrailError } from '../../errors.ts';
import { kindTitle, minute } from '../../report/words.ts';
import type { Ask } from '../ask.ts';
import { html, type Markup } from '../markup.ts';
import { moment, named, page, route } from '../route.ts';
import { portionOf } from '../select.ts';
import { pager, resourceLink, valueText } from './parts.ts';

const SIZE = 25;
/** Places of one resource on a page. */
const MOST_PLACES = 20;
/** Resources of all sides together: comparing holds the processor, and others wait. */
const MOST_RESOURCES = 20_000;
const MOST_SIDES = 12;
/** Names offered while one types. */
const MOST_OFFERED = 500;

const side = named.optional();

export const compare = route({
  page: '/compare',
  api: '/api/compare',
  summary: 'Two or more hosts, accounts, regions or times side by side; the JSON of `compare`, a page of its differences at a time.',
  says: compareAnswer,
  parameters: z.object({
    side: z
      .union([named, z.array(named).max(MOST_SIDES)], { error: `may be given at most ${MOST_SIDES} times, each time as one line` })
      .default([])
      .describe('Given several times: web01, aws/123456789012, web01@24h.'),
    side2: side.describe('Another one.'),
    side3: side.describe('A third one.'),
    at: moment,
    page,
  }),
  answer: async (given, ask) => {
    const names = [given.side, given.side2 ?? '', given.side3 ?? '']
      .flat()
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const scopes = await scopesOf(ask);
    const comparison = names.length === 0 ? undefined : await compared(ask, names, given.at, scopes);
    const portion = portionOf(comparison?.differences ?? [], given.page, SIZE);
    return {
      json: () =>
        comparison === undefined
          ? { schemaVersion: 1, scopes: [...scopes] }
          : {
              ...comparisonJson({ ...comparison, differences: portion.items }),
              page: portion.page,
              pages: portion.pages,
              total: portion.total,
            },
      page: () => ({
        title: names.length === 0 ? 'Compare' : `Compare ${names.join(', ')}`,
        body: html`<h1>Compare</h1>
${form(names, given.at, scopes)}
${comparison === undefined ? html`<p class="empty">Names, addresses and ids that are each one’s own are left out; only what then differs is shown.</p>` : result(comparison, portion.items, ask)}
${pager(portion, '/compare', { side: names[0], side2: names[1], side3: names[2], at: given.at })}`,
      }),
    };
  },
});

async function scopesOf({ deployment, memory }: Ask): Promise<ReadonlySet<string>> {
  const tip = await deployment.store.tip();
  return tip === null ? new Set() : memory.recall('scopes', tip, () => recordedScopes(deployment));
}

async function compared(
  { deployment }: Ask,
  names: readonly string[],
  at: string | undefined,
  scopes: ReadonlySet<string>,
): Promise<Comparison> {
  await requireFew(deployment, names, scopes);
  const sides = await sidesOf(names, at, deployment);
  return compareSides(sides, { kinds: deployment.kinds, isExpected: expectedIn(deployment) });
}

/** @throws {DrifttrailError} `too-much` */
async function requireFew(
  { store, layout, config }: Ask['deployment'],
  names: readonly string[],
  scopes: ReadonlySet<string>,
): Promise<void> {
  const groups = new Map(config.compare.groups.map((group) => [group.name, group.sides]));
  const sides = parseSides(
    names.flatMap((name) => groups.get(name) ?? [name]),
    scopes,
  );
  const tip = await store.tip();
  const tree = tip === null ? [] : [...(await store.tree(tip)).keys()].flatMap((file) => layout.refOf(file)?.scope ?? []);
  const all = sides.reduce((sum, { scope }) => sum + tree.filter((own) => isWithin(own, scope)).length, 0);
  if (all <= MOST_RESOURCES && sides.length <= MOST_SIDES) return;
  throw new DrifttrailError({
    code: 'too-much',
    message: `${sides.length} sides with ${all} resources are more than a page can hold side by side`,
    remedy: `name fewer or smaller ones, or run: drifttrail compare ${names.join(' ')}`,
  });
}

function form(names: readonly string[], at: string | undefined, scopes: ReadonlySet<string>): Markup {
  const field = (index: number, name: string, title: string) =>
    html`<p><label for="${name}">${title}</label><input id="${name}" name="${name}" list="scopes" value="${names[index] ?? ''}"></p>`;
  return html`<form action="/compare">${field(0, 'side', 'This')}${field(1, 'side2', 'and this (the same with @7d: a week ago)')}${field(2, 'side3', 'and, if you like, this')}
<p><label for="at">at (default now)</label><input id="at" name="at" value="${at ?? ''}"></p><button>Compare</button>
<datalist id="scopes">${[...scopes].slice(0, MOST_OFFERED).map((scope) => html`<option value="${scope}"></option>`)}</datalist></form>`;
}

function result(comparison: Comparison, differences: readonly Difference[], ask: Ask): Markup {
  const { sides, gaps } = comparison;
  const unread =
    gaps.length === 0
      ? ''
      : html`<p class="warning">Not everything could be read on every side; what is missing there is not told as missing. <a href="/coverage">Coverage</a></p>`;
  return html`<p>${sides.map(({ name, time }) => html`<strong>${name}</strong> as of ${minute(time)} UTC<br>`)}</p>
<p>${summaryOf(comparison)}.</p>${unread}
${differences.map((one) => differenceSection(one, ask))}`;
}

function differenceSection({ kind, id, places, paths }: Difference, { titles }: Ask): Markup {
  const blocks = places.slice(0, MOST_PLACES).map(({ path, groups, standard }) => {
    const rows = groups.map(({ value, sides }) => {
      // Who stands out is whom one looks for.
      const outlier = standard !== undefined && sides !== standard.sides;
      return html`<tr><td${outlier ? html` class="outlier"` : ''}>${sides.join(', ')}${outlier ? ' stands out' : ''}</td><td>${valueText(value, `${sides.join(', ')}: ${path === '' ? `${id}, the whole` : `${id}, ${path}`}`)}</td></tr>`;
    });
    return html`<h3>${path === '' ? 'the whole' : path}</h3><table><thead><tr><th scope="col">side</th><th scope="col">value</th></tr></thead><tbody>${rows}</tbody></table>`;
  });
  const rest = places.length > MOST_PLACES ? html`<p>… and ${places.length - MOST_PLACES} more places</p>` : '';
  const histories = [...paths].map(([name, file]) => html`<a href="${resourceLink(file)}">history on ${name}</a> `);
  return html`<section><h2>${kindTitle(kind, titles)} ${id}</h2><div class="wide" tabindex="0" role="region" aria-label="${`${kind} ${id}`}">${blocks}</div>${rest}<p class="place">${histories}</p></section>`;
}
