/** Blobs and trees: ids computed in process, contents read in one stream. */
import { hash } from 'node:crypto';
import { DrifttrailError } from '../errors.ts';
import type { Git } from './git.ts';

export type Tree = ReadonlyMap<string, string>;

/** The id git gives to these bytes, in a repository of SHA-1 objects. */
export function blobId(bytes: Uint8Array): string {
  const head = `blob ${bytes.byteLength}\0`;
  // In one piece: a Hash object costs more than hashing a small file.
  const whole = Buffer.allocUnsafe(head.length + bytes.byteLength);
  whole.write(head, 'latin1');
  whole.set(bytes, head.length);
  return hash('sha1', whole, 'hex');
}

/** `100644 blob `: modes have six digits, and of what ls-tree lists in all folders only blobs are ours. Then the id. */
const ID = '100644 blob '.length;
const AFTER_ID = ID + 40;

/** Every file of a commit or tree with its blob id, in git's order. */
export async function readTree(git: Git, treeish: string): Promise<Map<string, string>> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', treeish]);
  return parseTree(stdout.toString('utf8'));
}

/** The same, and the ids whose objects are missing: for its size git looks each up. */
async function checkTree(git: Git, treeish: string): Promise<{ tree: Map<string, string>; missing: string[] }> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '-l', '--full-tree', treeish]);
  const missing = new Set<string>();
  const tree = parseTree(stdout.toString('utf8'), (id, size) => {
    if (!/^ *\d+$/.test(size)) missing.add(id); // BAD
  });
  return { tree, missing: [...missing] };
}

/** `100644 blob <40 hex>[ <size>]\t<path>\0`; anything but a plain file (a link, a submodule) is not ours. */
function parseTree(text: string, sized?: (id: string, size: string) => void): Map<string, string> {
  const tree = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    const tab = text.indexOf('\t', start + AFTER_ID);
    const end = text.indexOf('\0', tab);
    if (text.startsWith('100644 ', start) || text.startsWith('100755 ', start)) {
      const id = text.slice(start + ID, start + AFTER_ID);
      tree.set(text.slice(tab + 1, end), id);
      sized?.(id, text.slice(start + AFTER_ID + 1, tab));
    }
    start = end + 1;
  }
  return tree;
}

/** A run asks for the same tree in its inspection and for its plan; a commit's tree never changes. Nothing is held for it. */
export function rememberTree(git: Git) {
  let last: { readonly commit: string; readonly tree: WeakRef<Map<string, string>> } | undefined;
  const remember = (commit: string, tree: Map<string, string>) => {
    if (/^[0-9a-f]{40}$/.test(commit)) last = { commit, tree: new WeakRef(tree) };
    return tree;
  };
  return {
    read: async (commit: string, by: Git = git): Promise<Map<string, string>> => {
      const known = last?.commit === commit ? last.tree.deref() : undefined;
      return known ?? remember(commit, await readTree(by, commit));
    },
    /** The ids that are missing. */
    check: async (commit: string): Promise<readonly string[]> => {
      const { tree, missing } = await checkTree(git, commit);
      remember(commit, tree);
      return missing;
    },
  };
}

/** A file of a commit, found by its path without listing all others; null when it was not there. */
export async function fileAt(git: Git, commit: string, path: string): Promise<Buffer | null> {
  const { stdout } = await git.run(['ls-tree', '-z', '--full-tree', commit, '--', path]);
  const [[, id] = []] = parseTree(stdout.toString('utf8'));
  return id === undefined ? null : ((await readBlobs(git, [id])).get(id) ?? null);
}

/** @throws {DrifttrailError} `object-missing` */
export async function readBlobs(git: Git, ids: Iterable<string>): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  let rest: Buffer = Buffer.alloc(0);
  let pending: Buffer[] = [];
  let need = 0;
  for await (const chunk of git.read(['cat-file', '--batch'], `${wanted.join('\n')}\n`)) {
    pending.push(chunk);
    need -= chunk.length;
    if (need > 0) continue;
    rest = Buffer.concat([rest, ...pending]);
    pending = [];
    let offset = 0;
    for (;;) {
      // `<id> blob <size>\n<bytes>\n`, or `<id> missing\n`
      const line = rest.indexOf(10, offset);
      if (line === -1) break;
      const [id = '', type, size] = rest.toString('latin1', offset, line).split(' ');
      if (type !== 'blob')
        throw new DrifttrailError({
          code: 'object-missing',
          message: `the repository lacks the object ${id}`,
          remedy: 'run `drifttrail doctor`',
        });
      const end = line + 1 + Number(size);
      if (rest.length < end + 1) {
        need = end + 1 - rest.length;
        break;
      }
      blobs.set(id, Buffer.from(rest.subarray(line + 1, end)));
      offset = end + 1;
    }
    rest = rest.subarray(offset);
  }
  return blobs;
}
