/** Finds the file of an npm package that `import` would load, seen from another folder than ours. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** The conditions of https://nodejs.org/api/packages.html#conditional-exports under which Node imports a module. */
const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/**
 * The absolute path of a package (`drifttrail-oxide`, `@ops/plugins/oxide`) installed in `dir` or a folder above;
 * undefined when there is none. `require.resolve` would not do: it does not see what a package exports to `import` only.
 */
export function resolvePackage(specifier: string, dir: string): string | undefined {
  const [, name, rest = ''] = /^((?:@[^/]+\/)?[^/@][^/]*)(\/.+)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const require = createRequire(join(resolve(dir), 'drifttrail.yaml'));
  const home = require.resolve
    .paths(specifier)
    ?.map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
  if (home === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { exports?: unknown };
  if (exports !== undefined) {
    const target = targetOf(entryOf(exports, `.${rest}`));
    return target === undefined ? undefined : join(home, target);
  }
  try {
    return require.resolve(specifier);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw cause;
  }
}

/** What `exports` says of a subpath: a map of subpaths has keys that begin with a dot; anything else is for '.' alone. */
function entryOf(exports: unknown, subpath: string): unknown {
  const bySubpath = isMap(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  if (!bySubpath) return subpath === '.' ? exports : undefined;
  return Object.hasOwn(exports, subpath) ? exports[subpath] : undefined;
}

/** The first target whose conditions all hold. */
function targetOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry.startsWith('./') ? entry : undefined;
  if (Array.isArray(entry)) return firstOf(entry);
  return isMap(entry)
    ? firstOf(Object.entries(entry).flatMap(([condition, value]) => (CONDITIONS.has(condition) ? [value] : [])))
    : undefined;
}

function firstOf(entries: readonly unknown[]): string | undefined {
  for (const entry of entries) {
    const target = targetOf(entry);
    if (target !== undefined) return target;
  }
  return undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
