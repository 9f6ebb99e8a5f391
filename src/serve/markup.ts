/** Pages as tagged templates: every value is escaped unless it is markup already. */
import { escapeHtml, escapeLines } from '../report/html-escape.ts';

export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | readonly Part[];

/** Attributes always in double quotes; an undefined value is nothing at all. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let markup = texts[0] ?? '';
  for (const [index, value] of values.entries()) markup += textOf(value) + (texts[index + 1] ?? '');
  return { markup };
}

/** What was escaped elsewhere: a drawing of src/report/. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** Several lines for `<pre>`; their ends stay. */
export function lines(text: string): Markup {
  return { markup: escapeLines(text) };
}

function textOf(value: Part): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(textOf).join('');
}

/** A path with a query, without what is undefined or empty. */
export function link(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[key, toWellFormed(String(value))]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Half a character, which data may hold, cannot stand in an address. */
export function toWellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
