/** Finds plug-ins: a built-in is a folder, a third party's is an npm package or a path; all are loaded alike. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DrifttrailError, type Position } from './errors.ts';
import type { Exporter, Hook, Trail } from './model.ts';
import { resolvePackage } from './packages.ts';
import { isObject } from './pointer.ts';
import { suggestion } from './suggest.ts';

interface PluginTypes {
  exporters: Exporter;
  hooks: Hook;
  trails: Trail;
}
export type PluginType = keyof PluginTypes;

/** The members that each type must have, and what each must be. */
const COMMON = { name: isText, summary: isText, options: isSchema };
type Member = (value: unknown, plugin: Readonly<Record<string, unknown>>) => boolean;
const MEMBERS: Record<PluginType, Readonly<Record<string, Member>>> = {
  exporters: { ...COMMON, scopes: isObject, kinds: isObject, collect: isFunction },
  hooks: { ...COMMON, deliver: (value, { state }) => isFunction(value) || (value === undefined && isFunction(state)) },
  trails: { ...COMMON, read: isFunction },
};
const INDEX_FILES = ['index.js', 'index.mjs', 'index.ts'];

/** The names of the built-in plug-ins: the folders, but for shared parts and templates (`_x`) and folders without code. */
export function builtins(type: PluginType): string[] {
  const root = builtinRoot(type);
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_') && indexOf(join(root, entry.name)) !== undefined)
    .map((entry) => entry.name)
    .sort();
}

/**
 * Loads the plug-in that `use:` names; `dir` is where relative paths and npm packages are looked up.
 * Throws `plugin-missing` and `plugin-invalid`.
 */
export async function loadPlugin<Type extends PluginType>(
  type: Type,
  use: string,
  dir: string,
  position?: Position,
): Promise<PluginTypes[Type]> {
  const file = locate(type, use, dir, position);
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    throw problem(
      'plugin-invalid',
      `${use} cannot be loaded: ${(cause as Error).message}`,
      'run it with node to see where it fails',
      position,
      cause,
    );
  }
  const plugin = isObject(loaded.default) ? loaded.default : {};
  const wrong = Object.entries(MEMBERS[type]).flatMap(([member, fits]) => (fits(plugin[member], plugin) ? [] : [member]));
  if (wrong.length > 0) {
    throw problem(
      'plugin-invalid',
      `${use} is no plug-in for ${type}: its default export lacks ${wrong.join(', ')}`,
      'see CONTRIBUTING.md',
      position,
    );
  }
  return plugin as unknown as PluginTypes[Type];
}

function locate(type: PluginType, use: string, dir: string, position: Position | undefined): string {
  if (use.startsWith('.') || use.startsWith('/')) {
    const path = resolve(dir, use);
    const file = existsSync(path) && statSync(path).isDirectory() ? indexOf(path) : path;
    if (file !== undefined && existsSync(file)) return file;
    throw problem('plugin-missing', `there is no plug-in at ${path}`, 'correct the path; it is relative to drifttrail.yaml', position);
  }
  const names = builtins(type);
  if (names.includes(use)) {
    const file = indexOf(join(builtinRoot(type), use));
    if (file !== undefined) return file;
  }
  const file = resolvePackage(use, dir);
  if (file !== undefined) return file;
  throw problem(
    'plugin-missing',
    `there is no plug-in "${use}" among the ${type}`,
    `${suggestion(use, names)}; or npm install ${use} in ${dir}`,
    position,
  );
}

/** Beside src/: in the source tree as in dist/. */
function builtinRoot(type: PluginType): string {
  return fileURLToPath(new URL(`../${type}/`, import.meta.url));
}

function indexOf(folder: string): string | undefined {
  return INDEX_FILES.map((name) => join(folder, name)).find((file) => existsSync(file));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** By what it can do: a plug-in may bring a zod of its own. */
function isSchema(value: unknown): boolean {
  return isObject(value) && isFunction(value['safeParse']);
}

function problem(code: string, message: string, remedy: string, position: Position | undefined, cause?: unknown): DrifttrailError {
  return new DrifttrailError({ code, message, remedy, ...(position === undefined ? {} : { position }), cause });
}
