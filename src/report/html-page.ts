/** What every page is made of: one file, no script, no font, no picture; dark and light, screen and paper. */
import { escapeHtml } from './html-escape.ts';
import { STYLE } from './html-style.ts';

/** `title` is escaped here; `body` is markup already, empty parts are left out. */
export function htmlPage(title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...body.filter((part) => part !== ''),
    '</body>',
    '</html>\n',
  ].join('\n');
}
