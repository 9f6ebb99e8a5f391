/** Reads audit events, works out their effects by the rules of all kinds, and ranks each by itself. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLookup, effectsOf, indexRules } from '../attribute/effects.ts';
import { CONFIG_FILE } from '../config/config.ts';
import { loadDeployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { AuditEvent, Exporter, Finding, Gap, Trail, TrailContext } from '../model.ts';
import { createRedactor } from '../normalize/redact.ts';
import { redactEvent } from '../pipeline/redact-event.ts';
import { builtins, loadPlugin } from '../plugins.ts';
import { isReadJudged, rankEvent } from '../rank/rank-events.ts';
import { loadRules } from '../rank/rules.ts';
import type { Call } from '../report/ocsf-activity.ts';
import { findingOfEvent } from './events-finding.ts';
import { createIssuers, LONGEST_SESSION } from './events-issuers.ts';
import type { Session } from './session.ts';

interface Request {
  readonly files: readonly string[];
  /** Without an end, everything that way. */
  readonly window: { readonly from?: string; readonly to?: string };
  readonly all: boolean;
  readonly dir: string;
  readonly session: Session;
}
interface Source {
  readonly trail: Trail;
  readonly options: () => unknown;
}

export async function rankedEvents({ files, window, all, dir, session }: Request) {
  const sources = await sourcesOf(files, dir, session);
  const exporters = await Promise.all(builtins('exporters').map((use) => loadPlugin('exporters', use, dir)));
  const rules = await loadRules(rulesOf(exporters, dir));
  // A key of its own: marks need to agree within this report only.
  const redactor = createRedactor(randomBytes(32));
  const kinds: Exporter['kinds'] = Object.assign({}, ...exporters.map((exporter) => exporter.kinds));
  const index = indexRules(kinds);
  const known = createLookup({ before: () => undefined, after: () => undefined, list: () => [] }, kinds);
  const gaps: Gap[] = [];
  const findings = new Map<string, Finding>();
  const calls = new Map<string, Call>();
  const span = createSpan();
  const issuers = createIssuers();
  const unmapped = new Map<string, { name: string; source: string; count: number }>();
  // Most records only read: where no rule can match them they are `info`, which is left out, whatever they say.
  const isJudged = remembered((source: string, name: string) => isReadJudged({ source, name }, rules));
  const reads: TrailContext['reads'] = (call) => {
    if (all || isJudged(call.source, call.name)) return true;
    span.add(call.time);
    return false;
  };
  for (const { trail, options } of sources) {
    const wanted = files.length > 0 ? withSessions(window) : window;
    // Paths of the configuration are relative to the deployment, wherever we were called.
    const context = { ...contextOf(options(), wanted, session, gaps), dir: resolve(dir), reads };
    const records = trail.read(context);
    for await (const raw of files.length > 0 ? records : unlessBroken(records, trail.name, gaps)) {
      session.signal.throwIfAborted();
      issuers.add(raw);
      if (window.from !== undefined && Date.parse(raw.time) < Date.parse(window.from)) continue;
      span.add(raw.time);
      if (!all && raw.readOnly && !isJudged(raw.source, raw.name)) continue;
      const event = redactEvent(raw, redactor);
      const did = event.error === undefined && !event.readOnly;
      const eventRules = index.rulesFor(event);
      const { effects, mapped } = effectsOf(event, eventRules, known.lookup);
      // Of millions of events only the ids are kept, not the events that tell them.
      for (const rule of did ? eventRules : []) {
        const ids = rule.secondaryIds?.(event, known.lookup);
        if (ids !== undefined) known.learn(() => ids);
      }
      if (did && !mapped && index.tracks(event.source)) count(unmapped, event);
      const rank = rankEvent(event, effects, rules);
      // Signing in is no write, and yet may be the worst event of the day.
      if (!did && !all && rank.level === 'info') continue;
      const finding = findingOfEvent(event, effects, rank);
      // Trails deliver at least once: the same record may stand in several files.
      findings.set(finding.id, finding);
      calls.set(finding.id, { readOnly: event.readOnly, ...(event.error && { error: event.error }) });
    }
  }
  const generatedAt = session.surroundings.now().toISOString();
  return {
    kinds,
    calls,
    read: span.count(),
    report: {
      findings: [...findings.values()]
        .map(issuers.named)
        .sort((a, b) => b.score - a.score || compare(b.window.to, a.window.to) || compare(a.id, b.id)),
      gaps,
      unmapped: [...unmapped.values()],
      window: { from: window.from ?? span.from() ?? generatedAt, to: window.to ?? span.to() ?? generatedAt },
      generatedAt,
    },
  };
}

async function sourcesOf(files: readonly string[], dir: string, session: Session): Promise<readonly Source[]> {
  if (files.length > 0) {
    const trail = await loadPlugin('trails', 'files', dir);
    return [{ trail, options: () => trail.options.parse({ files: files.map((file) => resolve(file)) }) }];
  }
  if (existsSync(join(dir, CONFIG_FILE))) return (await loadDeployment(dir, session.surroundings)).trails;
  const trail = await loadPlugin('trails', 'lookup-events', dir);
  return [{ trail, options: () => trail.options.parse({}) }];
}

/** The built-in rules, then those of the deployment, which override by id. */
function rulesOf(exporters: readonly Exporter[], dir: string): (URL | string)[] {
  const own = join(dir, 'rules');
  return [
    ...exporters.flatMap(({ rules }) => (rules === undefined ? [] : [rules])),
    ...(existsSync(join(dir, CONFIG_FILE)) && existsSync(own) ? [own] : []),
  ];
}

/** Everything is read, whatever was read before: no marks are kept. */
function contextOf(options: unknown, window: Request['window'], session: Session, gaps: Gap[]): TrailContext {
  const { surroundings, signal, progress } = session;
  return {
    ...surroundings,
    options,
    signal,
    window: { from: window.from ?? '0001-01-01T00:00:00.000Z', to: window.to ?? '9999-12-31T00:00:00.000Z' },
    mark: () => undefined,
    setMark: () => undefined,
    covered: () => undefined,
    progress,
    gap: ({ account, region, reason, detail }) => {
      gaps.push({ scope: ['trail', account, region].filter((part) => part !== undefined).join('/'), reason, detail });
    },
  };
}

/** One trail of a deployment that cannot be read does not silence the others; a file that was named is an error. */
async function* unlessBroken(records: AsyncIterable<AuditEvent>, name: string, gaps: Gap[]): AsyncGenerator<AuditEvent> {
  try {
    yield* records;
  } catch (error) {
    if (!(error instanceof DrifttrailError)) throw error;
    gaps.push({ scope: `trail/${name}`, reason: 'invalid', detail: describeError(error) });
  }
}

/** What was done in the span may be signed with credentials from before it; files are read as a whole anyway. */
function withSessions({ from, ...window }: Request['window']): Request['window'] {
  return from === undefined ? window : { ...window, from: new Date(Date.parse(from) - LONGEST_SESSION).toISOString() };
}

function count(unmapped: Map<string, { name: string; source: string; count: number }>, { name, source }: AuditEvent): void {
  const entry = unmapped.get(`${source} ${name}`) ?? { name, source, count: 0 };
  entry.count++;
  unmapped.set(`${source} ${name}`, entry);
}

/** The same few names come again and again. */
function remembered(answer: (source: string, name: string) => boolean): (source: string, name: string) => boolean {
  const known = new Map<string, Map<string, boolean>>();
  return (source, name) => {
    const names = known.get(source) ?? new Map<string, boolean>();
    if (names.size === 0) known.set(source, names);
    const found = names.get(name) ?? answer(source, name);
    names.set(name, found);
    return found;
  };
}

/** The span of what was read, for when none was asked for. */
function createSpan() {
  let [count, from, to]: [number, string | undefined, string | undefined] = [0, undefined, undefined];
  return {
    add: (time: string) => {
      count++;
      if (from === undefined || time < from) from = time;
      if (to === undefined || time > to) to = time;
    },
    count: () => count,
    from: () => from,
    to: () => to,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
