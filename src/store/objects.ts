/** Blobs and trees: ids computed in process, contents read in one stream. */
import { createHash } from 'node:crypto';
import { DrifttrailError } from '../errors.ts';
import type { Git } from './git.ts';

export type Tree = ReadonlyMap<string, string>;

/** The id git gives to these bytes, in a repository of SHA-1 objects. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** Characters before the tab: mode, type (of four letters, or `commit`) and id. */
const ENTRY = '100644 blob '.length + 40;

/** Every file of a commit or tree with its blob id, in git's order. */
export async function readTree(git: Git, treeish: string): Promise<Map<string, string>> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', treeish]);
  const tree = new Map<string, string>();
  const text = stdout.toString('utf8');
  // `100644 blob <40 hex>\t<path>\0`; anything but a plain file (a link, a submodule) is not ours.
  for (let start = 0; start < text.length; ) {
    const tab = start + ENTRY;
    const end = text.indexOf('\0', tab);
    const regular = text.startsWith('100644 ', start) || text.startsWith('100755 ', start);
    if (regular) tree.set(text.slice(tab + 1, end), text.slice(tab - 40, tab));
    start = end + 1;
  }
  return tree;
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
