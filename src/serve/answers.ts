/** What the API answers, as schemas: the description of the API is made from them, and tests hold real answers against it. */
import { z } from 'zod';

/** What stands in the description under a name of its own. */
export const NAMED = z.registry<{ readonly id: string }>();

const named = <Schema extends z.ZodType>(id: string, schema: Schema): Schema => {
  NAMED.add(schema, { id });
  return schema;
};

const text = z.string();
const texts = z.array(text);
const count = z.int().min(0);
const time = text.describe('UTC, ISO 8601.');
const value = z.unknown().describe('Any JSON; null: not there.');
const version = z.literal(1);
const window = z.object({ from: time, to: time });
const portion = { page: count, pages: count, total: count.describe('On all pages.') };

const level = named('Level', z.enum(['critical', 'high', 'medium', 'low', 'info']));
const grade = z.enum(['exact', 'leaf', 'cascade', 'candidate']).nullable();
const status = z.enum(['attributed', 'ambiguous', 'pending', 'unattributed', 'not-applicable']);
const reason = z.enum(['denied', 'throttled', 'unreachable', 'truncated', 'invalid', 'suspicious']);
const counts = z.object({ critical: count, high: count, medium: count, low: count, info: count });
const gap = named('Gap', z.object({ scope: text, kind: text.nullable(), reason, detail: text }));

const actor = named(
  'Actor',
  z.object({
    name: text,
    type: text,
    arn: text.nullable(),
    role: text.nullable(),
    via: text,
    sourceIp: text.nullable(),
    userAgent: text.nullable(),
    mfa: z.boolean().nullable(),
    service: text.optional(),
    country: text.optional(),
  }),
);

const finding = named(
  'Finding',
  z.object({
    id: text,
    commit: text.nullable(),
    transient: z.boolean(),
    resource: z
      .object({ kind: text.nullable(), id: text.nullable(), scope: text, path: text.nullable(), name: text.nullable() })
      .nullable(),
    type: z.enum(['created', 'modified', 'deleted', 'coverage-lost', 'coverage-regained']),
    edits: z.array(z.object({ path: text, before: value, after: value, eventIds: texts, grade })),
    readAs: text.optional(),
    sameMeaning: z.boolean().optional(),
    window,
    attribution: z.object({
      status,
      grade,
      because: text,
      actor: actor.nullable(),
      authors: z
        .array(z.object({ actor, paths: texts }))
        .optional()
        .describe('Who made which edits, where it was not `actor` alone.'),
      events: z.array(z.object({ id: text, name: text, source: text, time })),
    }),
    threat: z.object({ level, score: z.number(), rules: texts, reasons: texts }),
    undo: texts,
    ignored: text.nullable(),
    undone: z.object({ by: text, at: time, actor: text.nullable() }).nullable(),
    get parts() {
      return z.array(finding).optional();
    },
    duration: z.number().optional().describe('Milliseconds.'),
    gap: gap.optional(),
  }),
);

/** A finding as a line of a list. */
const row = named(
  'Row',
  z.object({
    id: text,
    commit: text,
    time,
    threat: z.object({ level, score: z.number() }),
    resource: z.object({ kind: text, scope: text, path: text.nullable() }),
    title: text,
    who: text,
    actor: text.nullable(),
    status,
    undone: time.nullable(),
    ignored: text.nullable(),
  }),
);

const report = {
  schemaVersion: version,
  generatedAt: time,
  window,
  findings: z.array(finding),
  gaps: z.array(gap),
  unmappedEvents: z.array(z.object({ name: text, source: text, count })),
};

const unseen = z
  .object({ reason: z.enum(['never', 'since', 'before']), at: time.nullable() })
  .nullable()
  .describe('What of the span nobody looked at.');

export const reportAnswer = named('Report', z.object({ ...report, unseen, counts, ...portion }));

export const findingAnswer = named('FindingWithPatch', z.object({ schemaVersion: version, finding, patch: text }));

export const commitAnswer = named(
  'Commit',
  z.object({ ...report, commit: z.object({ sha: text, parent: text.nullable(), date: time, subject: text }), ...portion }),
);

const commitAt = z.object({ commit: text, date: time });
export const resourceAnswer = named(
  'ResourceHistory',
  z.object({
    schemaVersion: version,
    resource: z.object({ scope: text, kind: text, id: text, path: text }),
    findings: z.array(finding),
    ...portion,
    difference: z
      .object({ from: commitAt, to: commitAt, edits: z.array(z.object({ path: text, before: value, after: value })) })
      .optional(),
  }),
);

export const actorsAnswer = named(
  'Actors',
  z.object({
    schemaVersion: version,
    window,
    actors: z.array(z.object({ name: text, findings: count, worst: level, last: time, via: texts })),
    unattributed: count,
    ...portion,
  }),
);

export const actorAnswer = named(
  'ActorHistory',
  z.object({
    schemaVersion: version,
    name: text,
    roles: texts,
    arns: texts,
    via: texts,
    since: time.nullable(),
    counts,
    findings: z.array(row),
    ...portion,
  }),
);

export const searchAnswer = named(
  'Found',
  z.object({ schemaVersion: version, q: text, scope: text.nullable(), findings: z.array(row), ...portion }),
);

const scopes = named('Scopes', z.object({ schemaVersion: version, scopes: texts }));
const comparison = named(
  'Comparison',
  z.object({
    schemaVersion: version,
    sides: z.array(z.object({ name: text, scope: text, at: time })),
    compared: count,
    differences: z.array(
      z.object({
        resource: z.object({ kind: text, id: text, path: text.nullable(), paths: z.record(text, text) }),
        edits: z.array(z.object({ path: text, values: z.record(text, value), majority: value, outliers: texts })),
      }),
    ),
    factoredOut: count,
    restated: count,
    expected: count,
    accepted: count,
    settled: count,
    gaps: z.array(z.object({ side: text, scope: text, kind: text.nullable(), reason, detail: text })),
    ...portion,
  }),
);
/** Without a side, what could be one. */
export const compareAnswer = z.union([comparison, scopes]);

export const coverageAnswer = named(
  'Coverage',
  z.object({
    schemaVersion: version,
    coverage: z.array(
      z.object({
        scope: text,
        kind: text,
        status: z.enum(['complete', 'stale', 'unreadable']),
        resources: count,
        age: z.number().nullable().describe('Milliseconds.'),
        lastComplete: time.nullable(),
        lastTried: time.nullable(),
        gap: z.object({ reason, detail: text }).nullable(),
      }),
    ),
    unwatched: z.array(z.object({ title: text, id: text, aliases: texts, scope: text.nullable(), seenIn: text })),
    unwatchedTotal: count,
    ...portion,
  }),
);

const suspect = named(
  'Suspect',
  finding.extend({
    happened: time,
    before: z.number().describe('Milliseconds.'),
    suspicion: z.number().describe('0 to 100.'),
    closeness: z.number().nullable().describe('0 to 1.'),
  }),
);
const suspects = named(
  'Suspects',
  z.object({
    schemaVersion: version,
    at: time,
    from: time,
    near: text.nullable(),
    alert: z
      .object({
        source: z.enum(['pagerduty', 'alertmanager', 'nagios']),
        incident: text.optional(),
        title: text,
        at: time,
        named: texts,
        words: texts,
      })
      .nullable(),
    known: texts,
    findings: z.array(suspect),
    gaps: z.array(z.object({ scope: text, kind: text.optional(), reason, detail: text, partial: z.boolean().optional() })),
    told: texts,
  }),
);
const nothing = named(
  'NothingToAnswer',
  z.object({ schemaVersion: version, nothing: text, findings: z.array(z.never()), told: z.array(z.never()) }),
);
export const alertAnswer = z.union([suspects, nothing]);

export const news = named(
  'News',
  z.object({
    schemaVersion: version,
    commits: texts,
    count,
    worst: level.nullable(),
    findings: z.array(
      z.object({
        id: text,
        commit: text,
        threat: z.object({ level, score: z.number() }),
        scope: text,
        title: text,
        who: text,
        path: text,
      }),
    ),
  }),
);

export const problem = named(
  'Problem',
  z.object({ schemaVersion: version, error: z.object({ code: text, message: text, remedy: text.nullable() }) }),
);
