/** Compares what the product says with what happened, edit by edit. */
import type { AttributedTransient } from '../../../src/attribute/attribute.ts';
import type { Attribution, Change, JsonObject } from '../../../src/model.ts';
import type { Deed } from '../../aws/scenario/scenario.ts';
import { keyOf } from './account.ts';
import { causeOf, overlap, silentWrites, type Trace } from './truth.ts';

/** Counts, added up over rounds and seeds. */
export interface Score {
  readonly edits: number;
  /** Edits that somebody's call made, by the truth. */
  readonly caused: number;
  readonly asserted: number;
  readonly right: number;
  readonly exact: number;
  readonly exactRight: number;
  readonly actors: number;
  readonly actorsRight: number;
  readonly failedBlamed: number;
  readonly calls: number;
  readonly failedCalls: number;
  readonly transients: number;
  readonly transientsFound: number;
  readonly transientsSaid: number;
  readonly transientsFalse: number;
  /** What went wrong, one line each. */
  readonly misses: readonly string[];
}

export interface Round {
  readonly changes: readonly Change[];
  readonly attributions: readonly Attribution[];
  readonly transients: readonly AttributedTransient[];
  readonly traces: readonly Trace[];
  /** All records of the round, failed ones too. */
  readonly records: readonly JsonObject[];
}

export function scoreRound(round: Round): Score {
  const failed = new Set(round.records.filter((record) => record.errorCode !== undefined).map((record) => String(record.eventID)));
  const sum = { edits: 0, caused: 0, asserted: 0, right: 0, exact: 0, exactRight: 0, actors: 0, actorsRight: 0, failedBlamed: 0 };
  const misses: string[] = [];
  round.changes.forEach((change, index) => {
    const attribution = round.attributions[index];
    const deeds = change.edits.map((edit) => causeOf(change, edit, round.traces));
    change.edits.forEach((edit, number) => {
      const deed = deeds[number];
      const said = attribution?.edits[edit.path];
      if (said?.eventIds.some((id) => failed.has(id))) sum.failedBlamed += 1;
      if (deed !== undefined && isRefused(deed)) return;
      sum.edits += 1;
      if (deed !== undefined) sum.caused += 1;
      const where = `${change.ref.kind} ${change.ref.id} ${edit.path}`;
      if (said?.grade === undefined || said.grade === 'candidate') {
        if (deed !== undefined)
          misses.push(`missed: ${where} by ${deed.act}${names(deed.records)}: ${attribution?.status} ${attribution?.because}`);
        return;
      }
      sum.asserted += 1;
      const [cause = ''] = said.eventIds;
      const right = deed?.records.some((record) => record.eventID === cause) ?? false;
      if (right) sum.right += 1;
      else
        misses.push(
          `wrong: ${where} was ${deed?.act ?? 'nobody'}${names(deed?.records ?? [])}, said ${nameOf(round.records, cause)} (${said.grade})`,
        );
      if (said.grade === 'exact') {
        sum.exact += 1;
        if (right) sum.exactRight += 1;
      }
    });
    const names_ = new Set(deeds.flatMap((deed) => (deed === undefined ? [] : [deed.who])));
    if (attribution?.actor === undefined || names_.size === 0) return;
    sum.actors += 1;
    if (names_.has(attribution.actor.name)) sum.actorsRight += 1;
    else
      misses.push(`actor: ${change.ref.id} was ${[...names_].join(', ')}, said ${attribution.actor.name} (${attribution.actor.nameFrom})`);
  });

  const silent = silentWrites(round.traces, round.changes).filter(({ deed }) => !isRefused(deed));
  const said = round.transients.map(({ transient }) => transient);
  const isSaid = (ref: { scope: string; kind: string; id: string }, path: string) =>
    said.some((one) => keyOf(one.ref) === keyOf(ref) && one.effects.some((effect) => overlap(trimmed(effect.path), path)));
  for (const one of silent)
    if (!isSaid(one.ref, one.path)) misses.push(`silent: ${one.ref.kind} ${one.ref.id} ${one.path} by ${one.deed.act}`);
  const falseOnes = said.filter((one) => !silent.some((two) => keyOf(two.ref) === keyOf(one.ref)));
  for (const one of falseOnes)
    misses.push(`no transient: ${one.ref.kind} ${one.ref.id} ${one.effects.map((effect) => effect.path).join(' ')}`);
  return {
    ...sum,
    calls: round.records.length,
    failedCalls: failed.size,
    transients: silent.length,
    transientsFound: silent.filter((one) => isSaid(one.ref, one.path)).length,
    transientsSaid: said.length,
    transientsFalse: falseOnes.length,
    misses,
  };
}

export function addScores(scores: readonly Score[]): Score {
  const add = (field: Exclude<keyof Score, 'misses'>) => scores.reduce((total, score) => total + score[field], 0);
  return {
    edits: add('edits'),
    caused: add('caused'),
    asserted: add('asserted'),
    right: add('right'),
    exact: add('exact'),
    exactRight: add('exactRight'),
    actors: add('actors'),
    actorsRight: add('actorsRight'),
    failedBlamed: add('failedBlamed'),
    calls: add('calls'),
    failedCalls: add('failedCalls'),
    transients: add('transients'),
    transientsFound: add('transientsFound'),
    transientsSaid: add('transientsSaid'),
    transientsFalse: add('transientsFalse'),
    misses: scores.flatMap((score) => score.misses),
  };
}

/** A refused call does nothing; the emulator may leave half of it behind, which is nobody's doing. */
function isRefused({ records }: Deed): boolean {
  return records.length > 0 && records.every((record) => record.errorCode !== undefined);
}

function trimmed(path: string): string {
  return path.replace(/\/\*\*$/, '');
}

function names(records: readonly JsonObject[]): string {
  return ` (${records.map((record) => record.eventName).join(', ')})`;
}

function nameOf(records: readonly JsonObject[], id: string): string {
  return String(records.find((record) => record.eventID === id)?.eventName ?? id);
}
