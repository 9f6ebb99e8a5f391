/** Opens a deployment: its configuration, plug-ins, repository and key, all checked before anything runs. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFIG_FILE, type LoadedConfig, loadConfig, type Overrides } from './config/config.ts';
import { positionOf } from './config/problems.ts';
import { type Config, type Speaking, speakingShape } from './config/schema.ts';
import { type OwnOptions, ownOptions, unset } from './config/own-options.ts';
import { DrifttrailError, type Position } from './errors.ts';
import type { Exporter, Hook, Kind, PluginUse, Surroundings, Trail } from './model.ts';
import { type Memo, openMemo } from './normalize/memo.ts';
import { createRedactor, type Redactor } from './normalize/redact.ts';
import { buildId } from './pipeline/contents.ts';
import { withOptionKinds } from './option-kinds.ts';
import { outletNames } from './outlet-names.ts';
import { loadPlugin, type PluginType } from './plugins.ts';
import type { RuleSet } from './rank/rules.ts';
import { createLayout, type Layout } from './store/layout.ts';
import { openStore, type Store } from './store/store.ts';

export interface Deployment {
  readonly dir: string;
  readonly stateDir: string;
  readonly config: Config;
  readonly exporters: readonly ConfiguredExporter[];
  readonly trails: readonly ConfiguredTrail[];
  readonly hooks: readonly ConfiguredHook[];
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly layout: Layout;
  readonly store: Store;
  readonly redactor: Redactor;
  /** What an exporter's readings became last time; undefined when it cannot be known by what code. */
  readonly memo: (exporter: string) => Memo | undefined;
  /** Loaded at the first call: ranking is not needed by every command. */
  readonly ruleset: () => Promise<RuleSet>;
  readonly surroundings: Surroundings;
}
export interface ConfiguredExporter extends OwnOptions {
  readonly use: string;
  readonly exporter: Exporter;
  readonly schedule: string;
}
export interface ConfiguredTrail extends OwnOptions {
  readonly use: string;
  readonly trail: Trail;
}
export interface ConfiguredHook extends OwnOptions {
  readonly use: string;
  /** Its name in state/. */
  readonly outlet: string;
  readonly hook: Hook;
  /** Whom it tells what, and when. */
  readonly speaking: Speaking;
}

const DEFAULT_SCHEDULE = '*/5 * * * *';

/** The members of a plug-in's entry that the core reads and the plug-in does not see. */
const CORE_KEYS: Record<PluginType, readonly string[]> = {
  exporters: ['use', 'schedule'],
  trails: ['use'],
  hooks: ['use', ...Object.keys(speakingShape)],
};

export async function loadDeployment(dir: string, surroundings: Surroundings, flags: Overrides = {}): Promise<Deployment> {
  const root = resolve(dir);
  const loaded = loadConfig(root, surroundings.env, flags);
  const { config } = loaded;
  const configure = configurator(root, loaded, surroundings);

  const configured = await Promise.all(
    config.exporters.map(async (entry, index) => {
      const { plugin, own } = await configure('exporters', entry, ['exporters', index]);
      return { use: entry.use, exporter: plugin, ...own, schedule: entry.schedule ?? DEFAULT_SCHEDULE };
    }),
  );
  const exporters = withOptionKinds(configured);
  const trails = await Promise.all(
    trailUses(config, exporters).map(async ({ entry, lacks }, index) => {
      const { plugin, own } = await configure('trails', entry, ['trail', index]);
      return { use: entry.use, trail: plugin, ...(lacks === undefined ? own : unset(lacks, own.shape)) };
    }),
  );
  const outlets = outletNames(config.hooks);
  const hooks = await Promise.all(
    config.hooks.map(async (entry, index) => {
      const { plugin, own } = await configure('hooks', entry, ['hooks', index]);
      if (entry.digest !== undefined) await requireCron(entry.digest, positionOf(loaded.source, ['hooks', index, 'digest']));
      if (entry.answers && !canAnswer(plugin)) throw cannotAnswer(entry.use, positionOf(loaded.source, ['hooks', index, 'answers']));
      return { use: entry.use, outlet: outlets[index] ?? entry.use, hook: plugin, ...own, speaking: entry };
    }),
  );

  const unique = [...new Map(exporters.map(({ exporter }) => [exporter.name, exporter])).values()];
  const stateDir = join(root, 'state');
  const store = await openStore(join(root, 'snapshots'), surroundings, { author: config.author });
  const key = loadKey(stateDir);
  const redactor = createRedactor(key);
  requireClosed(join(root, CONFIG_FILE), redactor);
  const build = buildId();
  let ruleset: Promise<RuleSet> | undefined;
  return {
    dir: root,
    stateDir,
    config,
    exporters,
    trails,
    hooks,
    kinds: Object.assign({}, ...unique.map((exporter) => exporter.kinds)),
    layout: createLayout(unique),
    store,
    redactor,
    memo: (exporter) =>
      build === undefined ? undefined : openMemo({ file: join(stateDir, `readings-${encodeURIComponent(exporter)}`), key, build }),
    ruleset: () => {
      const folders = [...unique.flatMap(({ rules }) => (rules === undefined ? [] : [rules])), ...userRules(root)];
      ruleset ??= import('./rank/rules.ts').then(({ loadRules }) => loadRules(folders));
      return ruleset;
    },
    surroundings: { ...surroundings, dir: root },
  };
}

/** Who keeps each finding as a thing of its own has no place for an answer, unless it knows one. */
function canAnswer({ answer, deliver, each }: Hook): boolean {
  return answer !== undefined || (deliver !== undefined && each !== true);
}

function cannotAnswer(use: string, position: Position): DrifttrailError {
  return new DrifttrailError({
    code: 'config-invalid',
    message: `${use} cannot answer alerts`,
    remedy: 'leave answers out, and set it for a chat, for mail or for pagerduty',
    position,
  });
}

/** The redaction key, made at the first use. Without it old fingerprints cannot be told from new ones, so it is never replaced. */
export function loadKey(stateDir: string): Uint8Array {
  const file = join(stateDir, 'key');
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) makeKey(file);
  const key = readFileSync(file);
  if (key.length !== 32) {
    throw new DrifttrailError({
      code: 'key-invalid',
      message: `${file} is not a redaction key: it has ${key.length} bytes, not 32`,
      remedy: 'restore it from a backup; a new key makes every redacted secret look rotated once',
    });
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new DrifttrailError({ code: 'key-exposed', message: `${file} can be read by others`, remedy: `chmod 600 ${file}` });
  }
  return key;
}

/** Under its name only when it is whole: a full disk or a kill must not leave half a key, and the first of two makers wins. */
function makeKey(file: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, randomBytes(32), { mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A configuration that holds a secret itself, such as the password of a remote, is for its owner's eyes. */
function requireClosed(file: string, redactor: Redactor): void {
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const text = readFileSync(file, 'utf8');
  if (redactor.text(text) === text) return;
  throw new DrifttrailError({
    code: 'config-exposed',
    message: `${file} holds a secret and can be read by others (mode ${mode.toString(8)})`,
    remedy: `chmod 600 ${file}, or write env:NAME or file:PATH instead of the secret`,
  });
}

/** The library that knows is loaded only where there is something for it. */
async function requireCron(expression: string, position: Position): Promise<void> {
  const { isCron } = await import('./notify/cron.ts');
  if (isCron(expression)) return;
  throw new DrifttrailError({
    code: 'config-invalid',
    message: `"${expression}" is not a cron expression`,
    remedy: 'write minute hour day month weekday, such as "0 8 * * 1-5"',
    position,
  });
}

function userRules(root: string): string[] {
  const folder = join(root, 'rules');
  return existsSync(folder) ? [folder] : [];
}

interface TrailUse {
  readonly entry: PluginUse;
  /** The secret that the exporter, whose trail it is, lacks. */
  readonly lacks?: DrifttrailError | undefined;
}

function trailUses(config: Config, exporters: readonly ConfiguredExporter[]): readonly TrailUse[] {
  if (config.trail !== undefined) return config.trail.map((entry) => ({ entry }));
  return exporters.flatMap(({ exporter, shape, unset: lacks }) => {
    const entry = exporter.defaultTrail?.(shape);
    return entry === undefined ? [] : [{ entry, lacks }];
  });
}

function configurator(root: string, { source }: LoadedConfig, { env }: Surroundings) {
  return async <Type extends PluginType>(type: Type, entry: PluginUse, path: readonly PropertyKey[]) => {
    const plugin = await loadPlugin(type, entry.use, root, positionOf(source, [...path, 'use']));
    const own = Object.fromEntries(Object.entries(entry).filter(([key]) => !CORE_KEYS[type].includes(key)));
    return { plugin, own: ownOptions(own, plugin.options, source, path, { env, dir: root, others: CORE_KEYS[type] }) };
  };
}
