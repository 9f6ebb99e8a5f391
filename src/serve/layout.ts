/** The frame of every page: head, navigation, search, what the script fills in. */
import { html, type Markup } from './markup.ts';
import type { Page } from './route.ts';

const PLACES = [
  ['/', 'Threats'],
  ['/actors', 'Actors'],
  ['/compare', 'Compare'],
  ['/coverage', 'Coverage'],
] as const;

export interface Frame {
  /** Of the request. */
  readonly path: string;
  readonly search?: string | undefined;
  /** Whether there is a session to end. */
  readonly session: boolean;
  readonly formMark: string;
  /** Seconds until the page asks again by itself. */
  readonly again?: number;
}

export function document({ title, body }: Page, frame: Frame): string {
  const { path, search = '', session, formMark, again } = frame;
  const places = PLACES.map(([to, name]) => html`<li><a href="${to}"${to === path ? html` aria-current="page"` : ''}>${name}</a></li>`);
  const leave = session
    ? html`<form method="post" action="/logout"><input type="hidden" name="mark" value="${formMark}"><button>Sign out</button></form>`
    : '';
  return bare(
    title,
    html`<a class="skip" href="#main">To the content</a>
<header class="top"><a class="brand" href="/">drifttrail</a><nav aria-label="Main"><ul>${places}</ul></nav>
<form role="search" action="/search"><input type="search" name="q" aria-label="Search findings" placeholder="id, name, person, host" value="${search}"><button>Search</button></form>${leave}</header>
<p class="live" id="live" role="status" aria-live="polite" hidden></p>
<main id="main">${body}</main>
<footer><p>Times are UTC. <a href="/api/openapi.json">API</a></p></footer>`,
    html`${again === undefined ? html`<script src="/live.js" defer></script>` : html`<meta http-equiv="refresh" content="${again}">`}`,
  );
}

/** Without navigation: for who has not signed in. */
export function bare(title: string, body: Markup, head: Markup = html``): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – drifttrail</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg">
${head}
</head>
<body>
${body}
</body>
</html>
`.markup;
}

export function loginPage(next: string, wrong: boolean): string {
  return bare(
    'Sign in',
    html`<main id="main"><h1>Sign in</h1>
${wrong ? html`<p class="warning" role="alert">That is not the token.</p>` : ''}
<form method="post" action="/login"><input type="hidden" name="next" value="${next}"><p><label for="token">Token</label><input id="token" name="token" type="password" required autocomplete="current-password" autofocus></p><button>Sign in</button></form>
<p>It is the one that <code>drifttrail serve --token</code> was given.</p></main>`,
  );
}

export function errorPage(title: string, message: string, remedy: string | undefined): Page {
  return { title, body: html`<h1>${title}</h1><p>${message}</p>${remedy === undefined ? '' : html`<p>${remedy}</p>`}` };
}
