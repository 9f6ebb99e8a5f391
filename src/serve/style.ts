/** The look of the dashboard: the report's own, and what only pages with links and forms need. */
import { STYLE as REPORT } from '../report/html-style.ts';

export const STYLE = `${REPORT}
body { padding: 0 1rem 2rem; }
a { color: var(--link); } h2 a, h1 a { color: inherit; } a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:root { --link: #0a55c4; --plus: #0b6b2b; --minus: #a3001b; } @media (prefers-color-scheme: dark) { :root { --link: #8ab8ff; --plus: #7ddc96; --minus: #ff8f9d; } }
.skip { position: absolute; left: -60rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .4rem; }
.top { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: center; padding: .7rem 0; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
.top nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; margin: 0; padding: 0; } .top a { display: inline-block; padding: .3rem 0; } .top [aria-current] { font-weight: 700; }
.top form { margin-left: auto; display: flex; gap: .4rem; } .brand { font-weight: 700; text-decoration: none; color: var(--text); }
input, select, button { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--dim); border-radius: .3rem; padding: .35rem .6rem; min-width: 0; max-width: 100%; box-sizing: border-box; }
button { background: var(--card); cursor: pointer; } form p { margin: .5rem 0; } form label { display: block; font-size: .9rem; } form p input { width: min(30rem, 100%); }
.tabs { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: .5rem 0; padding: 0; } .tabs a { display: block; padding: .25rem .8rem; border: 1px solid var(--dim); border-radius: 1rem; text-decoration: none; } .tabs [aria-current], .counts [aria-current] { background: var(--text); color: var(--back); } .tabs [aria-current] { border-color: var(--text); }
.counts a { text-decoration: none; color: var(--text); padding: .2rem .3rem; border-radius: .3rem; display: inline-block; } .counts [aria-current] .level { color: inherit; }
article h2 a { text-decoration-thickness: 1px; text-underline-offset: .2em; text-decoration-color: var(--dim); } .aside { border: 1px dashed var(--dim); background: none; } h1 { margin: .2rem 0; }
.first h1 { font-size: 1.3rem; } .warning, .done, .live { border: 1px solid var(--medium); border-radius: .4rem; padding: .5rem .8rem; } .live { position: sticky; top: .5rem; background: var(--card); z-index: 1; } .live[hidden] { display: none; }
main .level { white-space: nowrap; } section p { margin: .5rem 0; } section ul { margin: .3rem 0; padding-left: 1.2rem; }
.timeline { direction: rtl; } .timeline svg { direction: ltr; min-width: 30rem; }
.empty { padding: 1rem 0; } .zoom { margin: -.6rem 0 1rem; font-size: .9rem; } .zoom span { color: var(--dim); }
.band { fill: transparent; } a:hover .band, a:focus-visible .band { fill: var(--line); fill-opacity: .5; } svg a:focus-visible { outline: none; } svg a:focus-visible circle { stroke: var(--text); stroke-width: 2; }
.copy { user-select: all; white-space: pre-wrap; } details { margin: .4rem 0; } summary { cursor: pointer; padding: .2rem 0; } .raw summary { font-weight: 700; }
.wide { overflow-x: auto; } th { border-bottom: 1px solid var(--line); } .time { white-space: nowrap; } .none { color: var(--dim); } td pre { white-space: pre-wrap; } .long { max-height: 20rem; overflow: auto; }
.edits td { width: 33%; min-width: 11rem; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; font-size: .9rem; } dt { color: var(--dim); } dd { margin: 0; }
.patch .plus { color: var(--plus); } .patch .minus { color: var(--minus); } .patch .head { color: var(--dim); } .patch { max-height: 40rem; }
.pager { display: flex; flex-wrap: wrap; gap: 1rem; padding: .5rem 0; } .pager span { color: var(--dim); } .complete { color: var(--plus); } .stale { color: var(--medium); } .unreadable { color: var(--high); }
.outlier { color: var(--high); font-weight: 700; }
@media (max-width: 40rem) { body { padding: 0 .6rem 1rem; } .top form { margin-left: 0; width: 100%; } .top form input { flex: 1; } article, section { padding: .6rem .7rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
  .edits thead { position: absolute; left: -60rem; } .edits, .edits tbody, .edits tr, .edits td { display: block; width: auto; padding-right: 0; } .edits tr { padding: .4rem 0; border-top: 1px solid var(--line); } .edits [data-name]::before { display: block; content: attr(data-name); color: var(--dim); font-size: .85rem; } }
`;

export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 12 6 6l3 3 6-7" fill="none" stroke="#c02f1d" stroke-width="2"/></svg>\n';
