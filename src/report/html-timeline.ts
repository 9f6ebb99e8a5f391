/** When things changed and how dangerous it was, as a drawing inside the page: a row a level, a dot a finding. */
import type { Level } from '../model.ts';
import { REPORT_LEVELS } from './order.ts';
import { minute } from './words.ts';

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: Level;
  /** Of the finding, to which the dot leads. */
  readonly id: string;
  /** Escaped already. */
  readonly text: string;
}

const [WIDTH, LEFT, RIGHT, ROW, TOP] = [960, 70, 10, 22, 6];
/** More would only be a smear; the most dangerous are drawn. */
const MOST = 2000;

/** `points` by threat, the highest first. */
export function timeline(points: readonly Point[], { from, to }: { readonly from: number; readonly to: number }): string {
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
      ({ at, level, id, text }) =>
        `<a href="#${id}"><circle class="${level}" cx="${x(at)}" cy="${y(level)}" r="5"><title>${text}</title></circle></a>`,
    );
  return [
    '<div class="timeline" tabindex="0" role="region" aria-label="Timeline">',
    `<svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="group" aria-label="Findings by time and threat level">`,
    ...rows,
    ...times,
    ...dots,
    '</svg>',
    '</div>',
  ].join('\n');
}
