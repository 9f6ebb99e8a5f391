/** Files that hold records: the paths themselves, everything under folders, and what a pattern with `*`, `**` or `?` names. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DrifttrailError, requirePlain } from 'drifttrail';

const RECORDS = /\.(json|jsonl|ndjson)(\.gz)?$/i;
/** Digests stand beside the log files of a trail and hold no records. */
const DIGEST = /[\\/_]CloudTrail-(Digest|Insight)[\\/_]/;

/** Sorted, each once. Throws `trail-file-missing` for a path or pattern that names nothing, `not-a-file` for a pipe or device. */
export function findFiles(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const files = /[*?]/.test(path) && !existsSync(path) ? matching(path) : under(path);
    if (files.length === 0) throw missing(path, existsSync(path) ? 'holds no .json or .jsonl files' : 'does not exist');
    return files;
  });
  return [...new Set(found)].sort();
}

function under(path: string): string[] {
  if (!existsSync(path)) return [];
  requirePlain(path);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => RECORDS.test(file) && !DIGEST.test(file));
}

function matching(pattern: string): string[] {
  const parts = pattern.split(sep);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?]/.test(part)),
  );
  const base = fixed.join(sep) || (pattern.startsWith(sep) ? sep : '.');
  if (!existsSync(base)) return [];
  const wanted = expression(pattern);
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => wanted.test(file));
}

function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/^\.[\\/]/, '')
    .split(/(\*\*[\\/]|\*\*|\*|\?)/)
    .map((part) =>
      part.startsWith('**')
        ? part === '**'
          ? '.*'
          : '(?:.*[\\\\/])?'
        : part === '*'
          ? '[^\\\\/]*'
          : part === '?'
            ? '[^\\\\/]'
            : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

function missing(path: string, why: string): DrifttrailError {
  return new DrifttrailError({
    code: 'trail-file-missing',
    message: `${path} ${why}`,
    remedy: 'name a file, a folder or a pattern of audit records',
  });
}
