/** A finding as the text of a ticket: everything from outside within one code block, where it is neither markup, mention nor command. */
import { cut, type Edit, type Finding, type Json, type Message, neutralise, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';
import { footer } from '../_message/text.ts';

const EDITS = 200;
const LINE = 2000;

/** `[high] route-table rtb-0a1 … [f-0123456789ab]`: the id is what the ticket is found again by. */
export function ticketTitle(finding: Finding, most: number): string {
  const id = ` [${finding.id}]`;
  // A title mentions nobody, wherever it is shown.
  const text = neutraliseLine(describe(finding).headline)
    .replaceAll('@', '＠')
    .replaceAll(/[`*_~<>[\]#|!\\]/g, ' ');
  return `${cut(text, most - id.length)}${id}`;
}

/** What happened, the change as a diff, and how to put it back; lines of plain text. */
export function ticketLines(message: Message, finding: Finding): string[] {
  const { headline, who, lines } = describe(finding);
  const undo = finding.undone === undefined ? (finding.undo ?? []).map((command) => line(command)) : [];
  return [
    headline,
    who,
    ...lines.filter((text) => !/^[-+~] \//.test(text)),
    ...(finding.change === undefined || finding.change.edits.length === 0 ? [] : ['', ...diffLines(finding.change.edits)]),
    ...(undo.length === 0 ? [] : ['', 'to put it back:', ...undo]),
    '',
    `${footer(message)} · ${message.id}`,
  ];
}

/** At most so many characters, within a fence that nothing in it ends. */
export function fencedBody(lines: readonly string[], most: number): string {
  const text = lines.join('\n').replaceAll('`', "'");
  return `\`\`\`diff\n${cut(text, most - 20)}\n\`\`\``;
}

function diffLines(edits: readonly Edit[]): string[] {
  const shown = edits
    .slice(0, EDITS)
    .flatMap(({ path, before, after }) => [
      line(`@@ ${path}`),
      ...(before === null ? [] : valueLines('-', before)),
      ...(after === null ? [] : valueLines('+', after)),
    ]);
  return edits.length > EDITS ? [...shown, `${edits.length - EDITS} more edits`] : shown;
}

function valueLines(sign: string, value: Json): string[] {
  const text = cut(typeof value === 'string' ? value : JSON.stringify(value, null, 1), LINE * 4);
  return neutralise(text)
    .split('\n')
    .map((part) => `${sign} ${cut(part, LINE)}`);
}

function line(text: string): string {
  return cut(neutraliseLine(text), LINE);
}
