// A terminal's output as an SVG that needs nothing else: one screen after the other, without a script.

const STYLES = { 1: 'b', 2: 'd', 4: 'u', 31: 'r', 32: 'g', 33: 'y', 36: 'c', 90: 'd' };
// An escape character, which no regular expression may name.
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'u');
const CELL = { width: 8.1, height: 17 };
const EDGE = 16;
const CSS = `text{font:13.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6d9df;white-space:pre}
.b{font-weight:700}.d{fill:#8b93a1}.u{text-decoration:underline}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#e3b341}.c{fill:#79c0ff}.p{fill:#7ee787}`;

/** Lines of spans `{ text, classes }`; sequences that are no colour are left out. */
export function spansOf(text) {
  const active = new Set();
  return text
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => {
      const spans = [];
      for (const [index, part] of line.split(COLOUR).entries()) {
        if (index % 2 === 1) for (const code of part.split(';').map(Number)) apply(active, code);
        else if (part !== '') spans.push({ text: part, classes: [...active] });
      }
      return spans;
    });
}

/** As a terminal goes on in the next line. */
export function wrapped(lines, columns) {
  return lines.flatMap((spans) => {
    const cells = spans.flatMap(({ text, classes }) => [...text].map((sign) => ({ sign, classes })));
    const rows = [];
    for (let start = 0; start === 0 || start < cells.length; start += columns) rows.push(joined(cells.slice(start, start + columns)));
    return rows;
  });
}

function joined(cells) {
  const spans = [];
  for (const { sign, classes } of cells) {
    const last = spans.at(-1);
    if (last?.classes === classes) last.text += sign;
    else spans.push({ text: sign, classes });
  }
  return spans;
}

function apply(active, code) {
  if (code === 0) active.clear();
  else if (code === 22) for (const one of ['b', 'd']) active.delete(one);
  else if (code === 24) active.delete('u');
  else if (code === 39) for (const one of ['r', 'g', 'y', 'c', 'd']) active.delete(one);
  else if (STYLES[code] !== undefined) active.add(STYLES[code]);
}

/** `scenes`: the text of each screen, shown for `seconds`. Who wants no motion sees the first one. */
export function svgOf(scenes, { columns, rows, seconds, label }) {
  const [width, height] = [Math.ceil(columns * CELL.width) + 2 * EDGE, rows * CELL.height + 2 * EDGE];
  const whole = scenes.length * seconds;
  const share = 100 / scenes.length;
  const groups = scenes.map((text, index) => {
    const lines = wrapped(spansOf(text), columns)
      .slice(0, rows)
      .map((spans, row) => {
        const inner = spans.map(({ text: part, classes }) =>
          classes.length === 0 ? escaped(part) : `<tspan class="${classes.join(' ')}">${escaped(part)}</tspan>`,
        );
        return inner.length === 0
          ? ''
          : `<text x="${EDGE}" y="${EDGE + (row + 1) * CELL.height - 4}" xml:space="preserve">${inner.join('')}</text>`;
      });
    return `<g class="s" style="animation-delay:${index * seconds}s${index === 0 ? ';opacity:1' : ''}">${lines.filter((line) => line !== '').join('\n')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(label)}">
<style>${CSS}
.s{opacity:0;animation:s ${whole}s steps(1) infinite}@keyframes s{0%{opacity:1}${share.toFixed(3)}%{opacity:0}100%{opacity:0}}
@media (prefers-reduced-motion:reduce){.s{animation:none}}</style>
<rect width="100%" height="100%" rx="8" fill="#14171c"/>
${groups.join('\n')}
</svg>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
