/** The look of the page: the reader's own colours where they are told, contrast of at least 4.5 to 1 in both. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --dim: #5a5f66; --back: #fff; --card: #f6f7f9; --line: #d5d9de;
  --critical: #a3001b; --high: #c02f1d; --medium: #8a5a00; --low: #0b6a75; --info: #5a5f66; }
@media (prefers-color-scheme: dark) { :root { --text: #e7e9ec; --dim: #a3a9b1; --back: #15181c; --card: #1e2227; --line: #383e45;
  --critical: #ff8f9d; --high: #ff9f87; --medium: #f2c063; --low: #6fd0db; --info: #a3a9b1; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0; } h3 { font-size: .9rem; margin: .6rem 0 .2rem; }
header p { margin: .2rem 0; color: var(--dim); }
.counts { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; list-style: none; margin: .6rem 0; padding: 0; }
.level { font-weight: 700; text-transform: uppercase; font-size: .8rem; letter-spacing: .04em; }
.critical { color: var(--critical); fill: var(--critical); } .high { color: var(--high); fill: var(--high); }
.medium { color: var(--medium); fill: var(--medium); } .low { color: var(--low); fill: var(--low); } .info { color: var(--info); fill: var(--info); }
.timeline { overflow-x: auto; margin: .4rem 0 1rem; } svg { display: block; width: 100%; min-width: 38rem; height: auto; } svg line { stroke: var(--line); } svg text { fill: var(--dim); font: 12px system-ui, sans-serif; }
article, section { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; margin: 0 0 .8rem; }
article:target { outline: 2px solid var(--text); }
.who { margin: .3rem 0; } .place { margin: .5rem 0 0; font-size: .85rem; color: var(--dim); }
article ul { margin: .3rem 0; padding-left: 1.2rem; } small { color: var(--dim); }
pre { margin: 0; padding: .6rem; overflow-x: auto; background: var(--back); border: 1px solid var(--line); border-radius: .3rem; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; }
footer { color: var(--dim); font-size: .85rem; }
@media print { body { max-width: none; padding: 0; } article, section { break-inside: avoid; background: none; } pre { white-space: pre-wrap; } }
@media not print { details:not([open]) + ul { display: none; } }
`;
