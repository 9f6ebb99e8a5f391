/** The JSON of `report`, `show` and `events`: schema version 1; fields may be added, none is renamed. */
import type { Actor, Attribution, Finding, Gap, Json, JsonObject, UnmappedEvent } from '../model.ts';
import { type FindingGroup, groupFindings, type Grouping } from './group.ts';
import { compareFindings } from './order.ts';
import { type Page, pageJson } from './page.ts';
import type { Unseen } from './unseen.ts';
import { effectEdit } from './words.ts';

/** What a report is about; the input of every form. */
export interface ReportData {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly unmapped: readonly UnmappedEvent[];
  readonly window: { readonly from: string; readonly to: string };
  readonly generatedAt: string;
  /** How findings stand together; by threat alone where it is not said. */
  readonly groupBy?: Grouping | undefined;
  /** Of a part that was asked for: which it is, and of how many findings of the whole. */
  readonly asked?: Asked | undefined;
  /** What of the window nobody looked at; null when all of it was seen, undefined when it was not asked. */
  readonly unseen?: Unseen | null | undefined;
  /** Of one system: what it is. */
  readonly page?: Page | undefined;
}

export interface Asked {
  /** `is known to be by alice`, as in: none of 12 findings is known to be by alice. */
  readonly words: string;
  readonly of: number;
}

export function toContract({ findings, gaps, unmapped, window, generatedAt, groupBy, page, unseen }: ReportData): JsonObject {
  return {
    schemaVersion: 1,
    generatedAt,
    window: { from: window.from, to: window.to },
    findings: [...findings].sort(compareFindings).map(findingJson),
    gaps: gaps.map(({ scope, kind, reason, detail }) => ({ scope, kind: kind ?? null, reason, detail })),
    ...(unseen === undefined ? {} : { unseen: unseen === null ? null : { reason: unseen.reason, at: unseen.at } }),
    unmappedEvents: unmapped.map(({ name, source, count }) => ({ name, source, count })),
    ...(groupBy === undefined ? {} : { groupBy, groups: groupFindings(findings, groupBy).map(groupJson) }),
    ...(page === undefined ? {} : { page: pageJson(page) }),
  };
}

function groupJson({ name, counts, findings }: FindingGroup): JsonObject {
  return { name, counts: { ...counts }, findings: findings.map(({ id }) => id) };
}

export function findingJson(finding: Finding): JsonObject {
  const { change, transient, coverage, attribution } = finding;
  const ref = change?.ref ?? transient?.ref;
  const path = change?.path ?? transient?.path;
  const name = change?.name ?? transient?.name;
  return {
    id: finding.id,
    commit: finding.commit,
    transient: transient !== undefined && transient.effects.length > 0,
    resource:
      ref === undefined
        ? resourceOfCoverage(finding)
        : { kind: ref.kind, id: ref.id, scope: ref.scope, path: path === undefined || path === '' ? null : path, name: name ?? null },
    type: coverage === undefined ? (change?.type ?? typeOf(finding)) : `coverage-${coverage.type}`,
    edits: editsOf(finding),
    ...(change?.readAs === undefined ? {} : { readAs: change.readAs, sameMeaning: change.sameMeaning === true }),
    window: { from: finding.window.from, to: finding.window.to },
    attribution: attributionJson(attribution),
    threat: { level: finding.level, score: finding.score, rules: [...finding.rules], reasons: [...finding.reasons] },
    undo: [...(finding.undo ?? [])],
    ignored: finding.ignored ?? null,
    undone: finding.undone === undefined ? null : { by: finding.undone.by, at: finding.undone.at, actor: finding.undone.actor ?? null },
    ...(finding.parts === undefined ? {} : { parts: finding.parts.map(findingJson) }),
    ...(transient?.duration === undefined ? {} : { duration: transient.duration }),
    ...(coverage === undefined
      ? {}
      : { gap: { scope: coverage.gap.scope, kind: coverage.gap.kind ?? null, reason: coverage.gap.reason, detail: coverage.gap.detail } }),
  };
}

function resourceOfCoverage({ coverage }: Finding): Json {
  return coverage === undefined ? null : { kind: coverage.gap.kind ?? null, id: null, scope: coverage.gap.scope, path: null, name: null };
}

function typeOf({ transient }: Finding): string {
  const whole = transient?.effects.find(({ path, cascade }) => path === '' && cascade === undefined);
  return whole?.op === 'create' ? 'created' : whole?.op === 'delete' ? 'deleted' : 'modified';
}

function editsOf({ change, transient, attribution }: Finding): readonly JsonObject[] {
  const edits = change?.edits ?? (transient?.effects ?? []).map(effectEdit);
  return edits.map(({ path, before, after }) => {
    const found = Object.hasOwn(attribution.edits, path) ? attribution.edits[path] : undefined;
    return {
      path,
      before,
      after,
      eventIds: [...(found?.eventIds ?? (change === undefined ? attribution.events.map(({ id }) => id) : []))],
      grade: found?.grade ?? null,
    };
  });
}

function attributionJson({ status, grade, because, actor, authors, events }: Attribution): JsonObject {
  return {
    status,
    grade: grade ?? null,
    because,
    actor: actor === undefined ? null : actorJson(actor),
    ...(authors !== undefined && { authors: authors.map((author) => ({ actor: actorJson(author.actor), paths: [...author.paths] })) }),
    events: events.map(({ id, name, source, time }) => ({ id, name, source, time })),
  };
}

/** Field by field: the credential that the call was signed with is never printed. */
function actorJson(actor: Actor): JsonObject {
  const { name, type, arn, role, via, sourceIp, userAgent, mfa } = actor;
  return {
    name,
    type,
    arn,
    role,
    via,
    sourceIp,
    userAgent,
    mfa,
    ...(actor.service !== undefined && { service: actor.service }),
    ...(actor.country !== undefined && { country: actor.country }),
  };
}
