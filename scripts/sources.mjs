// What a build is made from, and a fingerprint of it by content: a checkout changes times without changing files.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The folders that tsconfig.json includes. */
export const SOURCES = ['src', 'exporters', 'hooks', 'trails'];
const INPUTS = [
  ...SOURCES,
  'snapshots-template',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

export function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const input of INPUTS) add(hash, input);
  return hash.digest('hex');
}

function add(hash, path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return;
  const entries = isFolder(full);
  if (entries === undefined) hash.update(`\0${path}\0`).update(readFileSync(full));
  else for (const name of entries.sort()) add(hash, `${path}/${name}`);
}

function isFolder(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
