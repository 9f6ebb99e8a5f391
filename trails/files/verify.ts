/** Copies of a trail's bucket as a source of digests; each digest's signature stands in the next one. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { IntegrityProblem, VerifyContext } from 'drifttrail';
import { askPublicKeys, type KeysOf, readPublicKeys } from '../_cloudtrail/digest-keys.ts';
import type { Place } from '../_cloudtrail/digest-names.ts';
import type { DigestSource } from '../_cloudtrail/digest-source.ts';
import { verifyDigests } from '../_cloudtrail/digest-verify.ts';

interface Options {
  readonly files: readonly string[];
  readonly publicKeys?: string | readonly string[] | undefined;
}

const ACCOUNT = /^\d{12}$/;
/** In the bucket and in the copy, whatever stands before. */
const TAIL = /(?:^|\/)(\d{12}\/CloudTrail(?:-Digest)?\/.+)$/;

export async function* verifyFolders({ files, publicKeys }: Options, context: VerifyContext): AsyncGenerator<IntegrityProblem> {
  const { dir, window, signal } = context;
  let keysOf: KeysOf = askPublicKeys({ window, account: {}, signal }, context);
  if (publicKeys !== undefined) {
    const keys = await readPublicKeys(publicKeys, dir);
    keysOf = () => Promise.resolve(keys);
  }
  for (const path of files) {
    const roots = rootsOf(resolve(dir, path));
    if (roots.length === 0) {
      const detail = `${path} holds no copy of a trail's bucket; copy it with its folders (aws s3 sync): AWSLogs/<account>/CloudTrail-Digest/…`;
      context.gap({ reason: 'invalid', detail });
    }
    for (const root of roots) yield* verifyDigests(sourceOf(root), keysOf, context);
  }
}

function sourceOf(root: string): DigestSource {
  const local = (key: string) => join(root, ...key.split('/'));
  const children = (folder: string, directories: boolean) =>
    existsSync(local(folder))
      ? readdirSync(local(folder), { withFileTypes: true })
          .filter((entry) => (directories ? entry.isDirectory() : entry.isFile()))
          .map(({ name }) => name)
          .sort()
      : [];
  const folders = async (folder: string) => children(folder, true);
  return {
    name: root,
    live: false,
    places: async () => {
      const places: Place[] = [];
      for (const account of children('', true).filter((name) => ACCOUNT.test(name))) {
        const regions = [...children(`${account}/CloudTrail/`, true), ...children(`${account}/CloudTrail-Digest/`, true)];
        for (const region of [...new Set(regions)].sort()) places.push({ account, region });
      }
      return places;
    },
    list: async (folder) => children(folder, false).map((name) => `${folder}${name}`),
    folders,
    open: async (key) => {
      try {
        // A folder in its place, or a pipe, is not what was delivered: that is gone.
        if (!(await stat(local(key))).isFile()) return undefined;
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw error;
      }
      return { body: createReadStream(local(key)) };
    },
    keyOf: (_bucket, object) => {
      const tail = TAIL.exec(object)?.[1];
      return tail === undefined || tail.split('/').includes('..') ? undefined : tail;
    },
  };
}

/** The folders that hold the accounts' folders: below the path, or above it when it stands inside one. */
function rootsOf(path: string): string[] {
  const fixed = path.split(sep);
  const wild = fixed.findIndex((part) => /[*?]/.test(part));
  const base = wild === -1 || existsSync(path) ? path : fixed.slice(0, wild).join(sep) || sep;
  if (!existsSync(base)) return [];
  const isFolder = statSync(base).isDirectory();
  const folder = isFolder ? base : dirname(base);
  const parts = folder.split(sep);
  const inside = parts.findIndex((part, index) => ACCOUNT.test(part) && /^CloudTrail(?:-Digest)?$/.test(parts[index + 1] ?? ''));
  // What stands beside a file was not named.
  if (inside === -1) return isFolder ? below(folder, 8) : [];
  return [parts.slice(0, inside).join(sep) || sep];
}

function below(folder: string, depth: number): string[] {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  if (names.some((name) => ACCOUNT.test(name) && existsSync(join(folder, name, 'CloudTrail-Digest')))) return [folder];
  if (names.some((name) => ACCOUNT.test(name) && existsSync(join(folder, name, 'CloudTrail')))) return [folder];
  return depth === 0 ? [] : names.flatMap((name) => below(join(folder, name), depth - 1));
}
