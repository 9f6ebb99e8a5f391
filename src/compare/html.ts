/** A comparison as one HTML page that needs nothing else. */
import { cut } from '../report/clean.ts';
import { escapeHtml } from '../report/html-escape.ts';
import { htmlPage } from '../report/html-page.ts';
import { kindTitle, minute } from '../report/words.ts';
import type { Comparison, Difference } from './compare.ts';
import type { DifferentPlace } from './difference.ts';
import { standsOut, summaryOf, valueText } from './words.ts';

/** Longer values are cut: the files tell all. */
const LONGEST = 4000;

export function comparisonHtml(comparison: Comparison, titles: Readonly<Record<string, string>>): string {
  const { sides, differences, gaps } = comparison;
  const names = sides.map(({ name }) => name).join(', ');
  return htmlPage(`Comparison of ${names}`, [
    '<header>',
    '<h1>Comparison</h1>',
    `<ul>${sides.map(({ name, time }) => `<li>${escapeHtml(`${name} as of ${minute(time)} UTC`)}</li>`).join('')}</ul>`,
    `<p>${escapeHtml(summaryOf(comparison))}.</p>`,
    '</header>',
    '<main>',
    ...differences.map((difference) => article(difference, titles)),
    gaps.length === 0
      ? ''
      : `<section><h2>Not read, so not told as missing</h2><ul>${gaps
          .map(({ side, kind, scope, reason }) => `<li>${escapeHtml(`${side}: ${kind ?? scope} ${reason}`)}</li>`)
          .join('')}</ul></section>`,
    '</main>',
  ]);
}

function article({ kind, id, places }: Difference, titles: Readonly<Record<string, string>>): string {
  return `<article>\n<h2>${escapeHtml(`${kindTitle(kind, titles)} ${id}`)}</h2>\n${places.map(placeTable).join('\n')}\n</article>`;
}

function placeTable(place: DifferentPlace): string {
  const rows = place.groups.map((group) => {
    const names = escapeHtml(group.sides.join(', '));
    const value = cut(valueText(group.value), LONGEST).split('\n').map(escapeHtml).join('\n');
    return `<tr><th scope="row">${standsOut(place, group) ? `<span class="high">${names}</span>` : names}</th><td><pre tabindex="0">${value}</pre></td></tr>`;
  });
  return `<h3>${escapeHtml(place.path === '' ? 'the whole' : place.path)}</h3>\n<table><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}
