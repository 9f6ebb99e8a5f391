/** When things changed and how dangerous it was, as a drawing inside the page: a row a level, a dot a finding. */
import type { Level } from '../model.ts';
import { REPORT_LEVELS } from './order.ts';
import { minute } from './words.ts';

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: Level;
  /** Where the dot leads; escaped already, as `text` is. */
  readonly href: string;
  readonly text: string;
  /** How many findings it stands for; default one. */
  readonly count?: number;
}

/** A part of the span that can be clicked. */
export interface Band {
  readonly from: number;
  readonly to: number;
  /** Escaped already. */
  readonly href: string;
  readonly text: string;
}

const [WIDTH, LEFT, RIGHT, ROW, TOP] = [960, 70, 10, 22, 6];
/** More would only be a smear; the most dangerous are drawn. */
const MOST = 2000;

/** `points` by threat, the highest first. */
export function timeline(
  points: readonly Point[],
  { from, to }: { readonly from: number; readonly to: number },
  bands: readonly Band[] = [],
): string {
  const length = Math.max(to - from, 1);
  const x = (at: number) => (LEFT + ((WIDTH - LEFT - RIGHT) * (Math.min(Math.max(at, from), to) - from)) / length).toFixed(1);
  const y = (level: Level) => TOP + REPORT_LEVELS.indexOf(level) * ROW + ROW / 2;
  const bottom = TOP + REPORT_LEVELS.length * ROW;
  const rows = REPORT_LEVELS.map(
    (level) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(level)}" y2="${y(level)}"/><text x="${LEFT - 8}" y="${y(level) + 4}" text-anchor="end">${level}</text>`,
  );
  const times = [from, from + length / 2, to].map((at, index) => {
    const anchor = ['start', 'middle', 'end'][index];
    return `<text x="${x(at)}" y="${bottom + 16}" text-anchor="${anchor}">${minute(new Date(at).toISOString())}</text>`;
  });
  const dots = points
    .slice(0, MOST)
    .reverse()
    .map(
      ({ at, level, href, text, count = 1 }) =>
        `<a href="${href}"><circle class="${level}" cx="${x(at)}" cy="${y(level)}" r="${radius(count)}"><title>${text}</title></circle></a>`,
    );
  const parts = bands.map(
    (band) =>
      `<a href="${band.href}"><rect class="band" x="${x(band.from)}" y="${TOP}" width="${(Number(x(band.to)) - Number(x(band.from))).toFixed(1)}" height="${bottom - TOP + 20}"><title>${band.text}</title></rect></a>`,
  );
  return [
    '<div class="timeline" tabindex="0" role="region" aria-label="Timeline">',
    `<svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="group" aria-label="Findings by time and threat level">`,
    ...parts,
    ...rows,
    ...times,
    ...dots,
    '</svg>',
    '</div>',
  ].join('\n');
}

/** By area: four times as many are twice as wide, up to half a row. */
function radius(count: number): string {
  return count === 1 ? '5' : Math.min(5 + Math.sqrt(count) / 2, ROW / 2).toFixed(1);
}
