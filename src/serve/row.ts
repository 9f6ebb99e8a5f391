/** What the dashboard keeps in memory of a finding: enough to choose, order, draw and search; the rest stays in the note. */
import { createHash } from 'node:crypto';
import canonical from 'fast-json-stable-stringify';
import type { AttributionStatus, Change, Edit, Finding, Json, Level } from '../model.ts';
import { type Place, placesOf } from '../pipeline/ignore.ts';
import { isOfTrail } from '../pipeline/trail-findings.ts';
import { timeOf } from '../report/order.ts';
import type { CommitInfo } from '../store/store.ts';
import { actText, refOf, resourceText, whoText } from '../report/words.ts';

export interface Row {
  readonly id: string;
  readonly commit: string;
  /** When it happened, or by when; as `timeOf` has it. */
  readonly time: string;
  /** The same in milliseconds. */
  readonly at: number;
  readonly level: Level;
  readonly score: number;
  readonly status: AttributionStatus;
  readonly scope: string;
  readonly kind: string;
  /** The file of the snapshots repository; '' for what stands in none. */
  readonly path: string;
  readonly what: string;
  readonly act: string;
  readonly who: string;
  readonly actor: string | null;
  readonly role: string | null;
  readonly arn: string | null;
  readonly via: string | null;
  /** Of writes that left no diff, and of trails: their times. They belong to the span in which they happened, not to their commit's. */
  readonly events?: readonly string[];
  readonly change?: Pick<Change, 'edits' | 'sameMeaning'>;
  /** By which `ignore:` is asked at each look. */
  readonly places: readonly Place[];
  readonly ignored?: string | undefined;
  readonly undone?: NonNullable<Finding['undone']>;
  /** In lower case, what a search looks through. */
  readonly text: string;
}

/** Longer values are held as their hash: whether two are equal is all that is asked of them. */
const SHORT = 24;

/** `date`: of the commit, for what tells no readable time of its own. */
export function rowOf(finding: Finding, { sha, date }: Pick<CommitInfo, 'sha' | 'date'>, titles: Readonly<Record<string, string>>): Row {
  const { attribution, change, transient, coverage } = finding;
  const { actor } = attribution;
  const ref = refOf(finding);
  const what = resourceText(finding, titles);
  const act = actText(finding);
  const who = whoText(finding);
  const scope = ref?.scope ?? coverage?.gap.scope ?? '';
  const kind = ref?.kind ?? coverage?.gap.kind ?? '';
  const path = change?.path ?? transient?.path ?? '';
  const time = Number.isNaN(Date.parse(timeOf(finding))) ? date : timeOf(finding);
  return {
    id: finding.id,
    commit: sha,
    time,
    at: Date.parse(time),
    level: finding.level,
    score: finding.score,
    status: attribution.status,
    scope,
    kind,
    path,
    what,
    act,
    who,
    actor: actor?.name ?? null,
    role: actor?.role ?? null,
    arn: actor?.arn ?? null,
    via: actor?.via ?? null,
    ...(transient === undefined ? {} : { events: attribution.events.map(({ time }) => time) }),
    ...(isOfTrail(finding) ? { events: [time] } : {}),
    ...(change === undefined ? {} : { change: digests(change) }),
    places: placesOf(finding),
    text: [finding.id, what, act, who, scope, kind, path, actor?.arn ?? '', actor?.sourceIp ?? '', ...finding.reasons]
      .join(' ')
      .toLowerCase(),
  };
}

function digests({ edits, sameMeaning }: Change): Pick<Change, 'edits' | 'sameMeaning'> {
  return { edits: edits.map(digest), ...(sameMeaning === undefined ? {} : { sameMeaning }) };
}

function digest({ path, before, after }: Edit): Edit {
  return { path, before: short(before), after: short(after) };
}

function short(value: Json): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  const text = canonical(value);
  return text.length <= SHORT
    ? text
    : createHash('sha256')
        .update(text)
        .digest('base64url')
        .slice(0, SHORT - 2);
}
