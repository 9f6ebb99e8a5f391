/** Compares what the product says of one round with what happened, edit by edit and write by write. */
import canonical from 'fast-json-stable-stringify';
import type { AttributedTransient } from '../../../src/attribute/attribute.ts';
import type { Attribution, Change, Edit } from '../../../src/model.ts';
import { contains } from '../../../src/pointer.ts';
import { keyOf } from './documents.ts';
import { causeOf, idleWrites, overlap, type Silent, silentWrites, type Trace } from './truth.ts';

/** Counts, added up over rounds and seeds. */
export interface Counts {
  /** Edits of the true difference, and how many of them the product's difference has. */
  readonly edits: number;
  readonly found: number;
  /** Edits that the product has and the truth has not. */
  readonly phantom: number;
  /** Edits that somebody's successful call made. */
  readonly caused: number;
  /** Of those: an event is asserted; it is the right one. */
  readonly asserted: number;
  readonly right: number;
  /** Edits that nobody made and somebody is said to have made. */
  readonly invented: number;
  readonly exact: number;
  readonly exactRight: number;
  readonly actors: number;
  readonly actorsRight: number;
  readonly failedBlamed: number;
  /** Edits that a refused call left behind in the emulator, which AWS would not have: nobody's doing, so not judged. */
  readonly halfDone: number;
  readonly silent: number;
  readonly silentFound: number;
  /** Transients told; of those: nothing but what was there already was written; it did not happen so. */
  readonly told: number;
  readonly toldIdle: number;
  readonly toldFalse: number;
}

export interface Score extends Counts {
  /** What went wrong, one line each. */
  readonly misses: readonly string[];
}

export interface Round {
  /** The product's difference between its two snapshots. */
  readonly changes: readonly Change[];
  readonly attributions: readonly Attribution[];
  readonly transients: readonly AttributedTransient[];
  /** The true difference and the calls that made it. */
  readonly net: readonly Change[];
  readonly traces: readonly Trace[];
}

export function scoreRound(round: Round): Score {
  const parts = [scoreDiff(round), ...round.changes.map((change, index) => scoreChange(change, round.attributions[index], round))];
  return addScores([...parts, scoreTransients(round)].map((part) => ({ ...NOTHING, ...part })));
}

const NOTHING: Score = {
  edits: 0,
  found: 0,
  phantom: 0,
  caused: 0,
  asserted: 0,
  right: 0,
  invented: 0,
  exact: 0,
  exactRight: 0,
  actors: 0,
  actorsRight: 0,
  failedBlamed: 0,
  halfDone: 0,
  silent: 0,
  silentFound: 0,
  told: 0,
  toldIdle: 0,
  toldFalse: 0,
  misses: [],
};

export function addScores(scores: readonly Score[]): Score {
  const add = (field: keyof Counts) => scores.reduce((total, score) => total + score[field], 0);
  const counts = Object.fromEntries(
    (Object.keys(NOTHING) as (keyof Score)[]).flatMap((field) => (field === 'misses' ? [] : [[field, add(field)]])),
  );
  return { ...NOTHING, ...counts, misses: scores.flatMap(({ misses }) => misses) };
}

const nameOf = ({ record }: Trace): string => String(record.eventName);
const whereOf = ({ ref }: Pick<Change, 'ref'>, path: string): string => `${ref.kind} ${ref.id} ${path}`;

function scoreDiff({ net, changes }: Round): Partial<Score> {
  const name = (change: Change, { path, before, after }: Edit) => `${keyOf(change.ref)} ${canonical([path, before, after])}`;
  const flat = (list: readonly Change[]) =>
    new Map(list.flatMap((change) => change.edits.map((edit) => [name(change, edit), whereOf(change, edit.path)])));
  const [truth, said] = [flat(net), flat(changes)];
  const lost = [...truth].filter(([edit]) => !said.has(edit)).map(([, where]) => `not seen: ${where}`);
  const phantom = [...said].filter(([edit]) => !truth.has(edit)).map(([, where]) => `phantom: ${where}`);
  return { edits: truth.size, found: truth.size - lost.length, phantom: phantom.length, misses: [...lost, ...phantom] };
}

function scoreChange(change: Change, attribution: Attribution | undefined, { traces }: Round): Score {
  const judged = change.edits.map((edit) => scoreEdit(change, edit, attribution, traces));
  return addScores([...judged, { ...NOTHING, ...scoreActor(change, attribution, traces) }]);
}

function scoreEdit(change: Change, edit: Edit, attribution: Attribution | undefined, traces: readonly Trace[]): Score {
  const said = attribution?.edits[edit.path];
  const asserted = said?.grade === undefined || said.grade === 'candidate' ? undefined : said;
  const failed = new Set(traces.filter(({ refused }) => refused).map(({ id }) => id));
  const failedBlamed = said?.eventIds.some((id) => failed.has(id)) === true ? 1 : 0;
  const cause = causeOf(change, edit, traces);
  const where = whereOf(change, edit.path);
  const base = { ...NOTHING, failedBlamed };
  if (cause?.refused === true) return { ...base, halfDone: 1 };
  if (cause === undefined) {
    if (asserted === undefined) return base;
    return {
      ...base,
      invented: 1,
      ...exactness(asserted.grade, false),
      misses: [`invented: ${where}, said ${told(asserted.eventIds[0], traces)}`],
    };
  }
  if (asserted === undefined) {
    const miss = `missed: ${where} by ${cause.act} (${nameOf(cause)}): ${attribution?.status} ${attribution?.because}`;
    return { ...base, caused: 1, misses: [miss] };
  }
  const right = asserted.eventIds[0] === cause.id;
  const miss = `wrong: ${where} was ${cause.act} (${nameOf(cause)}), said ${told(asserted.eventIds[0], traces)} (${asserted.grade})`;
  return { ...base, caused: 1, asserted: 1, right: right ? 1 : 0, ...exactness(asserted.grade, right), misses: right ? [] : [miss] };
}

function exactness(grade: string | undefined, right: boolean): Pick<Score, 'exact' | 'exactRight'> {
  return grade === 'exact' ? { exact: 1, exactRight: right ? 1 : 0 } : { exact: 0, exactRight: 0 };
}

function told(id: string | undefined, traces: readonly Trace[]): string {
  const trace = traces.find((one) => one.id === id);
  return trace === undefined ? String(id) : `${trace.act} (${nameOf(trace)})`;
}

/** A change has one actor: whoever made the last of its edits. */
function scoreActor(change: Change, attribution: Attribution | undefined, traces: readonly Trace[]): Partial<Score> {
  if (attribution?.actor === undefined) return {};
  const causes = change.edits.flatMap((edit) => causeOf(change, edit, traces) ?? []).filter(({ refused }) => !refused);
  const last = [...causes].sort((a, b) => traces.indexOf(a) - traces.indexOf(b)).at(-1);
  if (last === undefined) return {};
  // Within one second nobody can tell which of its edits was the last.
  const possible = new Set(causes.filter(({ record }) => record.eventTime === last.record.eventTime).map(({ who }) => who));
  const { name, nameFrom } = attribution.actor;
  if (possible.has(name)) return { actors: 1, actorsRight: 1 };
  return { actors: 1, misses: [`actor: ${change.ref.kind} ${change.ref.id} was ${[...possible].join(', ')}, said ${name} (${nameFrom})`] };
}

function scoreTransients({ net, traces, transients }: Round): Partial<Score> {
  const silent = silentWrites(traces, net).filter(({ calls }) => calls.every(({ refused }) => !refused));
  const lost = silent.filter((one) => !transients.some((said) => tells(said, one)));
  const wrong = transients.filter((said) => !happened(said, traces, net));
  const idle = new Set(idleWrites(traces).map(({ id }) => id));
  const again = transients.filter(({ attribution }) => attribution.events.every(({ id }) => idle.has(id)));
  return {
    silent: silent.length,
    silentFound: silent.length - lost.length,
    told: transients.length,
    toldIdle: again.length,
    toldFalse: wrong.length,
    misses: [
      ...lost.map((one) => `silent: ${whereOf(one, one.path)} by ${one.calls.map((call) => `${call.act} (${nameOf(call)})`).join(', ')}`),
      ...wrong.map(({ transient, attribution }) => {
        const paths = [...new Set(transient.effects.map(({ path }) => path))];
        return `no transient: ${whereOf(transient, paths.join(' '))} by ${attribution.events.map(({ name }) => name).join(', ')}`;
      }),
    ],
  };
}

/**
 * Each of its calls wrote there, were it the same value again or what another call of that second had written just before: nobody
 * can tell which of the two came first. None of them made what is different there now.
 */
function happened(said: AttributedTransient, traces: readonly Trace[], net: readonly Change[]): boolean {
  const idle = new Set(idleWrites(traces).map(({ id }) => id));
  const { ref } = said.transient;
  const places = said.transient.effects.map(({ path }) => placeOf(path));
  const named = traces.filter(({ id }) => said.attribution.events.some((event) => event.id === id));
  const changed = (trace: Trace) =>
    trace.changes.some((change) => change.edits.some(({ path }) => touches(said, { ref: change.ref, path })));
  const wrote = (trace: Trace) =>
    idle.has(trace.id) || changed(trace) || named.some((other) => other !== trace && isTwin(other, trace) && changed(other));
  const lasting = net
    .filter((change) => keyOf(change.ref) === keyOf(ref))
    .flatMap((change) => change.edits.map((edit) => ({ edit, cause: causeOf(change, edit, traces) })))
    .filter(({ edit }) => places.some((place) => contains(place, edit.path)));
  return (
    named.length === said.attribution.events.length &&
    named.every((trace) => !trace.refused && wrote(trace)) &&
    lasting.every(({ cause }) => cause === undefined || !named.includes(cause))
  );
}

function isTwin(one: Trace, other: Trace): boolean {
  return one.record.eventTime === other.record.eventTime && nameOf(one) === nameOf(other);
}

/** `/groups/**` is about `/groups`. */
const placeOf = (path: string): string => path.replace(/\/\*\*$/, '');

function touches({ transient }: AttributedTransient, { ref, path }: Pick<Silent, 'ref' | 'path'>): boolean {
  if (keyOf(transient.ref) !== keyOf(ref)) return false;
  return transient.effects.some((effect) => overlap(placeOf(effect.path), path));
}

/** Told is what is named with its first doer and everybody's calls. */
function tells(said: AttributedTransient, silent: Silent): boolean {
  const named = new Set(said.attribution.events.map(({ id }) => id));
  return touches(said, silent) && silent.calls.every(({ id }) => named.has(id));
}
