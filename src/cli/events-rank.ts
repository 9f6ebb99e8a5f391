/** Reads audit events, works out their effects by the rules of all kinds, and ranks each by itself. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLookup, effectsOf, indexRules } from '../attribute/effects.ts';
import { CONFIG_FILE } from '../config/config.ts';
import { loadDeployment } from '../deployment.ts';
import type { AuditEvent, Exporter, Finding, Gap, Trail, TrailContext } from '../model.ts';
import { createRedactor } from '../normalize/redact.ts';
import { redactEvent } from '../pipeline/redact-event.ts';
import { builtins, loadPlugin } from '../plugins.ts';
import { rankEvent } from '../rank/rank-events.ts';
import { loadRules } from '../rank/rules.ts';
import { findingOfEvent } from './events-finding.ts';
import type { Session } from './session.ts';

interface Request {
  readonly files: readonly string[];
  readonly window: { readonly from: string; readonly to: string };
  readonly all: boolean;
  readonly dir: string;
  readonly session: Session;
}
interface Source {
  readonly trail: Trail;
  readonly options: unknown;
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
  const findings: Finding[] = [];
  const unmapped = new Map<string, { name: string; source: string; count: number }>();
  for (const { trail, options } of sources) {
    for await (const raw of trail.read(contextOf(options, window, session, gaps))) {
      session.signal.throwIfAborted();
      const event = redactEvent(raw, redactor);
      const did = event.error === undefined && !event.readOnly;
      const eventRules = index.rulesFor(event);
      const lookup = known.lookup(event);
      const { effects, mapped } = effectsOf(event, eventRules, lookup);
      for (const rule of did ? eventRules : []) known.learn(rule.secondaryIds?.(event, lookup) ?? {});
      if (did && !mapped && index.tracks(event.source)) count(unmapped, event);
      const rank = rankEvent(event, effects, rules);
      // Signing in is no write, and yet may be the worst event of the day.
      if (did || all || rank.level !== 'info') findings.push(findingOfEvent(event, effects, rank));
    }
  }
  findings.sort((a, b) => b.score - a.score || compare(b.window.to, a.window.to) || compare(a.id, b.id));
  const generatedAt = session.surroundings.now().toISOString();
  return { kinds, report: { findings, gaps, unmapped: [...unmapped.values()], window: spanOf(window, findings), generatedAt } };
}

async function sourcesOf(files: readonly string[], dir: string, session: Session): Promise<readonly Source[]> {
  if (files.length > 0) {
    const trail = await loadPlugin('trails', 'files', dir);
    return [{ trail, options: trail.options.parse({ files: files.map((file) => resolve(file)) }) }];
  }
  if (existsSync(join(dir, CONFIG_FILE))) return (await loadDeployment(dir, session.surroundings)).trails;
  const trail = await loadPlugin('trails', 'lookup-events', dir);
  return [{ trail, options: trail.options.parse({}) }];
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
    window,
    mark: () => undefined,
    setMark: () => undefined,
    covered: () => undefined,
    progress,
    gap: ({ account, region, reason, detail }) => {
      gaps.push({ scope: ['trail', account, region].filter((part) => part !== undefined).join('/'), reason, detail });
      session.say(`gap: ${reason}: ${detail}`);
    },
  };
}

function count(unmapped: Map<string, { name: string; source: string; count: number }>, { name, source }: AuditEvent): void {
  const entry = unmapped.get(`${source} ${name}`) ?? { name, source, count: 0 };
  entry.count++;
  unmapped.set(`${source} ${name}`, entry);
}

/** Without a span asked for, that of what was found. */
function spanOf(window: Request['window'], findings: readonly Finding[]): Request['window'] {
  const times = findings.map((finding) => finding.window.from).sort();
  const from = window.from < '1000' ? (times[0] ?? window.from) : window.from;
  return { from, to: window.to > '9000' ? (times.at(-1) ?? window.to) : window.to };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
