/** One finding with all that is needed to act: what, who, why it matters, the way back, the evidence, the diff. */
import { z } from 'zod';
import { findingAnswer } from '../answers.ts';
import { nothingToUndo } from '../../questions/undo.ts';
import { isFindingId, pathOf } from '../../questions/findings.ts';
import { DrifttrailError } from '../../errors.ts';
import type { Edit, Finding } from '../../model.ts';
import { commitPath } from '../../pipeline/links.ts';
import { findingJson } from '../../report/contract.ts';
import { actText, editText, kindTitle, minute, refOf, remarksOf, resourceText, whenText, whoText } from '../../report/words.ts';
import { type Ask, fullFindings, requireSince, withMarks } from '../ask.ts';
import { html, link, type Markup } from '../markup.ts';
import { isFile, route } from '../route.ts';
import type { Row } from '../row.ts';
import { badge, bullets, commands, editsOf, editsTable, patchOf, placeOf, resourceLink, whoLink } from './parts.ts';

/** Bytes of a diff, and edits, on one page. */
const MOST_PATCH = 200_000;
const MOST_EDITS = 200;

export const findingPage = route({
  page: '/findings/:id',
  api: '/api/findings/:id',
  summary: 'One finding; `report` says the same of it.',
  says: findingAnswer,
  parameters: z.object({
    id: z.string().refine(isFindingId, 'must be the id of a finding: f- and up to 12 hex digits').describe('f- and 12 hex digits.'),
    said: z.enum(['acknowledged', 'withdrawn']).optional().describe('What a form has just done.'),
  }),
  answer: async ({ id, said }, ask) => {
    const [row] = await withMarks(ask, [await rowOfId(ask, id)]);
    const [finding] = row === undefined ? [] : await fullFindings(ask, [row]);
    if (finding === undefined || row === undefined) throw unknown(id);
    const { store } = ask.deployment;
    const path = pathOf(finding);
    // Of what stands in no file there is no diff; asked for none, git would give the whole commit's.
    const patch = path === undefined || !isFile(path) ? '' : await store.patch(row.commit, [path], MOST_PATCH);
    return {
      json: () => ({ schemaVersion: 1, finding: findingJson(finding), patch }),
      page: () => ({
        title: `${finding.level}: ${resourceText(finding, ask.titles)}: ${actText(finding)}`,
        body: html`${said === undefined ? '' : html`<p class="done" role="status">${said === 'acknowledged' ? 'Set aside: it neither alarms nor counts until that ends.' : 'It counts again.'}</p>`}
<section class="first"><h1>${badge(finding.level)} ${resourceText(finding, ask.titles)}: ${actText(finding)}</h1>
<p class="who">${whoLink(finding, whoText(finding))}${whoText(finding) === '' ? '' : ', '}${whenText(finding)}</p>
${bullets(remarksOf(finding))}
${placeOf(finding)}</section>
${undoSection(finding, row, ask)}
${editsSection(finding)}
${evidence(finding, ask)}
${path === undefined ? '' : html`<section><h2>Diff</h2>${patchOf(patch, `git -C ${store.dir} show ${row.commit.slice(0, 12)} -- ${path}`)}</section>`}
${ackForm(finding, ask)}`,
      }),
    };
  },
});

/** The beginning of an id is enough where only one has it. */
async function rowOfId(ask: Ask, id: string): Promise<Row> {
  const exact = ask.index.table().row(id);
  if (exact !== undefined) return exact;
  await requireSince(ask);
  const table = ask.index.table();
  const found =
    table.row(id) ??
    only(
      table.all().filter((row) => row.id.startsWith(id)),
      id,
    );
  if (found === undefined) throw unknown(id);
  return found;
}

function only(rows: readonly Row[], id: string): Row | undefined {
  if (rows.length <= 1) return rows[0];
  throw new DrifttrailError({ code: 'finding-ambiguous', message: `${id} stands for ${rows.length} findings`, remedy: 'give more digits' });
}

function unknown(id: string): DrifttrailError {
  return new DrifttrailError({
    code: 'finding-unknown',
    message: `there is no finding ${id}`,
    remedy: 'the search finds it by what it is about',
  });
}

function undoSection(finding: Finding, row: Row, { deployment }: Ask): Markup {
  const { undo = [], undone, attribution } = finding;
  if (undone !== undefined) return html``;
  if (undo.length > 0) {
    const person = attribution.actor === undefined || attribution.status !== 'attributed' ? 'whoever did it' : attribution.actor.name;
    return html`<section><h2>Undo</h2><p>Ask ${person} first, read it, then paste it. drifttrail runs nothing.</p>${commands(undo)}</section>`;
  }
  const { message, remedy } = nothingToUndo(finding, row.commit, deployment);
  return html`<section><h2>Undo</h2><p>${message}${remedy === undefined ? '' : html`; <code>${remedy}</code>`}</p></section>`;
}

function editsSection(finding: Finding): Markup {
  const edits = editsOf(finding);
  if (edits.length === 0) return html``;
  const { attribution } = finding;
  const explained = ({ path }: Edit) => (Object.hasOwn(attribution.edits, path) ? attribution.edits[path] : undefined);
  const match = (edit: Edit) => (explained(edit)?.grade === undefined ? '' : ` · ${explained(edit)?.grade} match`);
  const names = { caption: 'What changed', before: 'before', after: 'after' };
  const rest =
    edits.length > MOST_EDITS ? html`<p>… and ${edits.length - MOST_EDITS} more: <code>drifttrail show ${finding.id}</code></p>` : '';
  return html`<section><h2>What changed</h2>${editsTable(edits.slice(0, MOST_EDITS), names, match)}${rest}</section>`;
}

function evidence(finding: Finding, { titles }: Ask): Markup {
  const { attribution, window, rules } = finding;
  const { actor, events, because, status, grade } = attribution;
  const ref = refOf(finding);
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['who', actor?.name],
    ['kind of identity', actor?.type],
    ['ARN', actor?.arn],
    ['role', actor?.role],
    ['through', actor?.via],
    ['service', actor?.service],
    ['from', actor?.sourceIp == null ? undefined : `${actor.sourceIp}${actor.country === undefined ? '' : ` (${actor.country})`}`],
    ['with', actor?.userAgent],
    ['MFA', actor?.mfa == null ? undefined : actor.mfa ? 'yes' : 'no'],
    ['how sure', `${status}${grade === undefined ? '' : `, ${grade} match`}`],
    ['because', because],
    ['seen between', `${minute(window.from)} and ${minute(window.to)} UTC`],
    ['rules', rules.join(', ')],
    ['kind', ref === undefined ? undefined : `${kindTitle(ref.kind, titles)} (${ref.kind})`],
  ];
  const list = facts.flatMap(([name, value]) => (value == null || value === '' ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`]));
  const rows = events.map((event) => {
    const explains = editsOf(finding).filter(
      ({ path }) => Object.hasOwn(attribution.edits, path) && attribution.edits[path]?.eventIds[0] === event.id,
    );
    return html`<tr><td class="time">${event.time.slice(0, 19).replace('T', ' ')}</td><td>${event.name}<br><small>${event.source}</small></td><td>${explains.slice(0, 3).map((edit) => html`${editText(edit)}<br>`)}</td><td><small>${event.id}</small></td></tr>`;
  });
  return html`<section><h2>Who, and how that is known</h2><dl>${list}</dl>
${rows.length === 0 ? '' : html`<div class="wide" tabindex="0" role="region" aria-label="Audit events"><table><thead><tr><th scope="col">time (UTC)</th><th scope="col">event</th><th scope="col">explains</th><th scope="col">id</th></tr></thead><tbody>${rows}</tbody></table></div>`}</section>`;
}

function ackForm(finding: Finding, { formMark }: Ask): Markup {
  const path = pathOf(finding);
  const action = link(`/findings/${finding.id}/ack`);
  const links = html`<p class="place">${path === undefined ? '' : html`<a href="${resourceLink(path)}">history of the resource</a> · `}${finding.commit === null ? '' : html`<a href="${commitPath(finding.commit)}">the commit</a> · `}<a href="/api/findings/${finding.id}">JSON</a></p>`;
  if (finding.ignored?.startsWith('acknowledged by ') === true)
    return html`<section><h2>Set aside</h2><form method="post" action="${action}"><input type="hidden" name="mark" value="${formMark}"><input type="hidden" name="withdraw" value="yes"><p>${finding.ignored}</p><button>Take it back</button></form></section>${links}`;
  return html`<section><h2>Acknowledge</h2><form method="post" action="${action}"><input type="hidden" name="mark" value="${formMark}">
<p><label for="reason">Why it is fine</label><input id="reason" name="reason" required maxlength="500" autocomplete="off"></p>
<p><label for="by">Your name</label><input id="by" name="by" required maxlength="100" autocomplete="name"></p>
<p><label for="until">Until</label><select id="until" name="until"><option value="7d">in a week</option><option value="1d">tomorrow</option><option value="30d">in 30 days</option><option value="">for good</option></select></p>
<button>Set aside</button></form></section>${links}`;
}
