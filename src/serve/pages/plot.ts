/** The changes of a span by time and threat, each part of it a link that zooms in. */
import { findingPath } from '../../pipeline/links.ts';
import { type Point, timeline } from '../../report/html-timeline.ts';
import { escapeHtml } from '../../report/html-escape.ts';
import type { Level } from '../../model.ts';
import { html, link, type Markup, trusted } from '../markup.ts';
import type { Row } from '../row.ts';
import { isoSpan, neighboursOf, partsOf, type Window, windowQuery } from '../span.ts';

/** More than this and dots become counts. */
const MOST_DOTS = 300;
const BINS = 72;
const BANDS = 12;

export function plot(rows: readonly Row[], window: Window, query: Readonly<Record<string, string | undefined>>, now: Date): Markup {
  const span = { from: Date.parse(window.from), to: Date.parse(window.to) };
  const points = rows.length <= MOST_DOTS ? rows.map(dot) : bins(rows, window, query);
  const bands = partsOf(window, BANDS, query).map((part) => ({ ...part, href: escapeHtml(part.href), text: escapeHtml(part.text) }));
  const { earlier, later, wider } = neighboursOf(window, now);
  const to = (other: Window, text: string) => html`<a href="${link('/', { ...query, ...windowQuery(other) })}">${text}</a>`;
  return html`${trusted(timeline(points, span, bands))}
<p class="zoom">${earlier === undefined ? 'from the beginning' : to(earlier, '← earlier')} · ${to(wider, 'zoom out')} · ${later === undefined ? 'up to now' : to(later, 'later →')} · <span>a click into the drawing zooms in</span></p>`;
}

function dot(row: Row): Point {
  return {
    at: row.at,
    level: row.level,
    href: escapeHtml(findingPath(row.id)),
    text: escapeHtml(`${row.level}: ${row.what}: ${row.act}`),
  };
}

/** One dot for all findings of a level in a part of the span. */
function bins(rows: readonly Row[], window: Window, query: Readonly<Record<string, string | undefined>>): Point[] {
  const parts = partsOf(window, BINS, query);
  const [start, length] = [Date.parse(window.from), Date.parse(window.to) - Date.parse(window.from)];
  const counts = new Map<string, { readonly level: Level; readonly bin: number; count: number }>();
  for (const { at, level } of rows) {
    const bin = Math.min(Math.max(Math.floor(((at - start) / length) * BINS), 0), BINS - 1);
    const known = counts.get(`${level} ${bin}`);
    if (known === undefined) counts.set(`${level} ${bin}`, { level, bin, count: 1 });
    else known.count++;
  }
  return [...counts.values()].flatMap(({ level, bin, count }) => {
    const part = parts[bin];
    if (part === undefined) return [];
    const href = link('/', { ...query, ...windowQuery(isoSpan(part)), level });
    return [{ at: (part.from + part.to) / 2, level, href: escapeHtml(href), text: escapeHtml(`${count} ${level}; ${part.text}`), count }];
  });
}
