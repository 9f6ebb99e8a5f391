/** Findings in words and as plain data: what every outlet says, before each puts it into its own format. */
import { cut, type Edit, type Finding, isObject, type Json, type JsonObject, neutralise, neutraliseLine } from 'drifttrail';

export interface Described {
  /** `HIGH 82  route-table rtb-0a1 (private-a) modified` */
  readonly headline: string;
  /** Who, how and how sure; or why not known. */
  readonly who: string;
  /** The edits and the reasons, one a line; first of all that it was put back. */
  readonly lines: readonly string[];
}

const EDITS = 4;
/** What the words of the model do not say by themselves. */
const NOBODY: Readonly<Record<string, string>> = { pending: 'attribution pending', unattributed: 'nobody known' };

export function describe(finding: Finding): Described {
  const { level, score } = finding;
  return {
    headline: line(`${level.toUpperCase()} ${score}  ${subjectOf(finding)}`, 300),
    who: line(whoOf(finding), 300),
    lines: [...undoneLine(finding), ...editLines(finding), ...finding.reasons.slice(0, 5).map((reason) => line(reason, 300))],
  };
}

/** One safe line. What is far too long is cut before it is looked at closely. */
function line(text: string, most: number): string {
  return cut(neutraliseLine(cut(text, most * 4)), most);
}

function subjectOf(finding: Finding): string {
  if (finding.coverage) {
    const { gap, type } = finding.coverage;
    return `${gap.kind ?? 'everything'} in ${gap.scope}: coverage ${type} (${gap.reason})`;
  }
  const thing = finding.change ?? finding.transient;
  if (thing === undefined) return 'unknown';
  const kind = thing.ref.kind.split('.').slice(-1)[0] ?? thing.ref.kind;
  const name = thing.name === undefined ? '' : ` (${thing.name})`;
  return `${kind} ${thing.ref.id}${name} in ${thing.ref.scope}: ${finding.change?.type ?? 'changed and changed back'}`;
}

function undoneLine({ undone }: Finding): string[] {
  if (undone === undefined) return [];
  return [line(`put back at ${undone.at}${undone.actor === undefined ? '' : ` by ${undone.actor}`}: ${undone.by}`, 300)];
}

function whoOf({ attribution }: Finding): string {
  const { actor } = attribution;
  if (actor === undefined) return `${NOBODY[attribution.status] ?? attribution.status}: ${attribution.because}`;
  const role = actor.role === null ? '' : ` as ${actor.role}`;
  const first = attribution.events[0];
  const event = first === undefined ? '' : `, ${first.name} at ${first.time}`;
  return `${actor.name}${role} via ${actor.via}${event} (${attribution.grade ?? attribution.status})${besides(attribution)}`;
}

function besides({ actor, authors = [] }: Finding['attribution']): string {
  const names = new Set(authors.map((author) => author.actor.name).filter((name) => name !== actor?.name));
  return names.size === 0 ? '' : `; other edits by ${[...names].join(', ')}`;
}

function editLines({ change }: Finding): string[] {
  if (change === undefined || change.type !== 'modified') return [];
  const lines = change.edits.slice(0, EDITS).map((edit) => line(editLine(edit), 400));
  const more = change.edits.length - EDITS;
  return more > 0 ? [...lines, `and ${more} more edit${more === 1 ? '' : 's'}`] : lines;
}

function editLine({ path, before, after }: Edit): string {
  if (before === null) return `+ ${path} ${short(after)}`;
  if (after === null) return `- ${path} ${short(before)}`;
  return `~ ${path} ${short(before)} → ${short(after)}`;
}

function short(value: Json): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value), 160);
}

/**
 * For machines: the finding without what is never printed, with long values cut to `room` characters. Else the values are the true
 * ones, control and direction characters too: a program compares them, and JSON holds them safely. Only halves of a surrogate
 * pair, which no UTF-8 can hold and many receivers refuse, become U+FFFD.
 */
export function findingData(finding: Finding, room: number): JsonObject {
  return wellFormed(dataOf(finding, room));
}

function wellFormed<Value extends Json>(value: Value): Value;
function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map((item: Json) => wellFormed(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), wellFormed(item)]));
}

function dataOf(finding: Finding, room: number): JsonObject {
  const { change, transient, coverage, attribution } = finding;
  const thing = change ?? transient;
  return {
    id: finding.id,
    commit: finding.commit,
    transient: transient !== undefined,
    ...(thing === undefined ? {} : { resource: { ...thing.ref, path: thing.path, name: thing.name ?? null } }),
    ...(coverage === undefined ? {} : { coverage: { type: coverage.type, gap: { ...coverage.gap } } }),
    ...(change === undefined
      ? {}
      : {
          type: change.type,
          edits: change.edits.slice(0, 20).map((edit) => editData(edit, room)),
          moreEdits: Math.max(0, change.edits.length - 20),
        }),
    window: { ...finding.window },
    attribution: {
      status: attribution.status,
      grade: attribution.grade ?? null,
      because: cut(neutralise(attribution.because), room),
      actor: actorData(finding),
      events: attribution.events.slice(0, 20).map((event) => ({ ...event })),
    },
    threat: {
      level: finding.level,
      score: finding.score,
      rules: finding.rules,
      reasons: finding.reasons.slice(0, 10).map((reason) => cut(reason, room)),
    },
    undo: (finding.undo ?? []).slice(0, 5).map((command) => cut(command, room)),
  };
}

/** The same in at most so many bytes of JSON: values cut shorter and shorter, in the end as many lines of text as there is room for. */
export function findingWithin(finding: Finding, bytes: number): JsonObject {
  for (const room of [4000, 1000, 250]) {
    const data = findingData(finding, room);
    if (Buffer.byteLength(JSON.stringify(data)) <= bytes) return data;
  }
  const { headline, who, lines } = describe(finding);
  const { id, commit, level, score } = finding;
  const inWords = (count: number) => ({ id, commit, threat: { level, score }, headline, who, lines: lines.slice(0, count) });
  let count = lines.length;
  while (count > 0 && Buffer.byteLength(JSON.stringify(inWords(count))) > bytes) count--;
  return inWords(count);
}

function actorData({ attribution: { actor } }: Finding): Json {
  if (actor === undefined) return null;
  const { name, type, arn, role, via, sourceIp, userAgent, mfa } = actor;
  return { name, type, arn, role, via, sourceIp, userAgent: userAgent === null ? null : cut(userAgent, 300), mfa };
}

function editData({ path, before, after }: Edit, room: number): JsonObject {
  return { path: cut(path, 500), before: cutValue(before, room), after: cutValue(after, room) };
}

/** A value that is too long becomes the beginning of its text, visibly cut. */
function cutValue(value: Json, room: number): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= room ? value : cut(text, room);
}
