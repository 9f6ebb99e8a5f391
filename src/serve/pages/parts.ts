/** What several pages show: a level, a finding as a card or as a line of a table, the way to the other pages of a list. */
import type { Edit, Finding, Json, Level } from '../../model.ts';
import { commitPath, findingPath } from '../../pipeline/links.ts';
import { cut } from '../../report/clean.ts';
import { actText, editText, effectEdit, minute, refOf, remarksOf, resourceText, whenText, whoText } from '../../report/words.ts';
import { html, lines, link, type Markup } from '../markup.ts';
import type { Row } from '../row.ts';
import type { Titles } from '../scan.ts';
import type { Portion } from '../select.ts';

export function badge(level: Level): Markup {
  return html`<span class="level ${level}">${level}</span>`;
}

export const resourceLink = (path: string): string => link('/resource', { path });
export const actorLink = (name: string): string => link('/actor', { name });
export const scopeLink = (scope: string): string => link('/search', { scope });

export function editsOf({ change, transient }: Finding): readonly Edit[] {
  return change?.edits ?? (transient?.effects ?? []).map(effectEdit);
}

/** One finding with what is needed to judge it. `open`: the commands are shown at once. */
export function card(finding: Finding, titles: Titles, open: boolean): Markup {
  const { id, level, undo = [], ignored } = finding;
  const who = whoText(finding);
  return html`<article id="${id}"${ignored === undefined ? '' : html` class="aside"`}>
<h2>${badge(level)} <a href="${findingPath(id)}">${resourceText(finding, titles)}: ${actText(finding)}</a></h2>
<p class="who">${whoLink(finding, who)}${who === '' ? '' : ', '}${whenText(finding)}</p>
${bullets(remarksOf(finding))}
${undo.length === 0 ? '' : html`<details${open ? html` open` : ''}><summary>Undo: ${undoSummary(undo)}</summary>${commands(undo)}</details>`}
${placeOf(finding)}
</article>`;
}

/** Where no command brings it back there are only remarks, which say so. */
function undoSummary(undo: readonly string[]): string {
  const number = undo.filter((line) => !line.startsWith('#')).length;
  return number === 0 ? 'no command, a remark' : count(number, 'command');
}

/** Where it is, and the ways on. */
export function placeOf(finding: Finding): Markup {
  const path = finding.change?.path ?? finding.transient?.path ?? '';
  const scope = refOf(finding)?.scope ?? finding.coverage?.gap.scope ?? '';
  const parts = [
    scope === '' ? undefined : html`<a href="${scopeLink(scope)}">${scope}</a>`,
    path === '' ? undefined : html`<a href="${resourceLink(path)}">its history</a>`,
    html`<a href="${findingPath(finding.id)}">${finding.id}</a>`,
    finding.commit === null ? undefined : html`<a href="${commitPath(finding.commit)}">commit ${finding.commit.slice(0, 12)}</a>`,
    html`score ${finding.score}`,
  ];
  return html`<p class="place">${parts.flatMap((part, index) => (part === undefined ? [] : [index === 0 ? '' : ' · ', part]))}</p>`;
}

export function whoLink({ attribution: { actor } }: Finding, who: string): Markup {
  return actor === undefined ? html`${who}` : html`<a href="${actorLink(actor.name)}">${who}</a>`;
}

export function bullets(texts: readonly string[]): Markup {
  return texts.length === 0 ? html`` : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
}

/** A click selects all of it: to copy it needs no script. */
export function commands(undo: readonly string[]): Markup {
  return html`<pre class="copy" tabindex="0" role="region" aria-label="Undo commands">${lines(undo.map((line) => line.replaceAll(/[\r\n]+/g, ' ')).join('\n'))}</pre>`;
}

/** A line a finding. */
export function table(rows: readonly Row[], caption: string): Markup {
  if (rows.length === 0) return html``;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr><th scope="col">threat</th><th scope="col">when (UTC)</th><th scope="col">what</th><th scope="col">who</th></tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table></div>`;
}

function tableRow(row: Row): Markup {
  const state = row.ignored === undefined ? (row.undone === undefined ? '' : ' (put back)') : ' (set aside)';
  const who = row.actor === null ? html`${cut(row.who, 120)}` : html`<a href="${actorLink(row.actor)}">${row.who}</a>`;
  return html`<tr><td>${badge(row.level)}</td><td class="time">${minute(row.time)}</td><td><a href="${findingPath(row.id)}">${row.what}: ${row.act}</a>${state}<br><small>${row.scope}</small></td><td>${who}</td></tr>`;
}

/** `query`: of the list, without its page. */
export function pager({ page, pages, total }: Portion<unknown>, path: string, query: Readonly<Record<string, string | undefined>>): Markup {
  if (pages === 1) return html``;
  const to = (number: number, text: string, rel: 'prev' | 'next') =>
    number < 1 || number > pages
      ? ''
      : html`<a rel="${rel}" href="${link(path, { ...query, page: number === 1 ? undefined : number })}">${text}</a>`;
  return html`<nav class="pager" aria-label="Pages">${to(page - 1, '← previous', 'prev')} <span>page ${page} of ${pages}, ${total} in all</span> ${to(page + 1, 'next →', 'next')}</nav>`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Characters of one value. */
const LONGEST = 4000;

/** More characters or lines than this and it scrolls in a box of its own, which a keyboard must be able to reach. */
const SHORT = { characters: 300, lines: 12 } as const;

/** `label` tells the box from the others of the page. */
export function valueText(value: Json, label: string): Markup {
  if (value === null) return html`<span class="none">not there</span>`;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const shown = lines(text === '' ? '(empty)' : cut(text, LONGEST));
  if (text.length <= SHORT.characters && text.split('\n').length <= SHORT.lines) return html`<pre>${shown}</pre>`;
  return html`<pre class="long" tabindex="0" role="region" aria-label="${cut(label, 120)}">${shown}</pre>`;
}

/** What was there before and after, edit by edit; side by side where there is room, one below the other on a phone. */
export function editsTable(
  edits: readonly Edit[],
  names: { readonly caption: string; readonly before: string; readonly after: string },
  note: (edit: Edit) => string = () => '',
): Markup {
  const { caption, before, after } = names;
  const rows = edits.map((edit) => {
    const place = edit.path === '' ? 'the whole' : edit.path;
    const value = (name: string, it: Json) => html`<td data-name="${name}">${valueText(it, `${name}: ${place}`)}</td>`;
    return html`<tr><td>${editText(edit)}<br><small>${place}${note(edit)}</small></td>${value(before, edit.before)}${value(after, edit.after)}</tr>`;
  });
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table class="edits"><thead><tr><th scope="col">edit</th><th scope="col">${before}</th><th scope="col">${after}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const MOST_LINES = 1500;

/** A diff as git prints it; its message and notes have been told. */
export function patchOf(patch: string, whole: string): Markup {
  const start = patch.search(/^diff /m);
  if (start === -1) return html`<p>No file differs.</p>`;
  const all = patch.slice(start).trimEnd().split('\n');
  const shown = all.slice(0, MOST_LINES).map((line) => {
    const kind = /^(?:\+\+\+|---|diff |index |@@)/.test(line)
      ? 'head'
      : line.startsWith('+')
        ? 'plus'
        : line.startsWith('-')
          ? 'minus'
          : '';
    return kind === '' ? html`${lines(line)}\n` : html`<span class="${kind}">${lines(line)}</span>\n`;
  });
  const rest = all.length > MOST_LINES ? html`<p>Cut here; all of it: <code>${whole}</code></p>` : '';
  return html`<pre class="patch" tabindex="0" role="region" aria-label="Diff">${shown}</pre>${rest}`;
}
