/** The figures of an evaluation as a table for people. */
import type { Score } from './score.ts';

export function renderTable(score: Score): string {
  const share = (part: number, whole: number) => (whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`);
  const rows: [string, string, string][] = [
    ['changed leaves somebody caused, found', share(score.right, score.caused), `${score.right} of ${score.caused}`],
    ['attributed at all (coverage)', share(score.asserted, score.edits), `${score.asserted} of ${score.edits}`],
    ['attributed falsely', share(score.asserted - score.right, score.asserted), `${score.asserted - score.right} of ${score.asserted}`],
    ['precision of grade exact', share(score.exactRight, score.exact), `${score.exactRight} of ${score.exact}`],
    ['actor right', share(score.actorsRight, score.actors), `${score.actorsRight} of ${score.actors}`],
    ['failed calls blamed', String(score.failedBlamed), `${score.failedCalls} failed of ${score.calls} calls`],
    ['writes without a diff, found', share(score.transientsFound, score.transients), `${score.transientsFound} of ${score.transients}`],
    [
      'transients that were none',
      share(score.transientsFalse, score.transientsSaid),
      `${score.transientsFalse} of ${score.transientsSaid}`,
    ],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value, detail]) => `${label.padEnd(width)}  ${value.padStart(8)}  ${detail}\n`).join('');
}
