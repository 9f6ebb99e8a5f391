/** What people said of findings: one file each on a ref of its own, so that it is shared, dated and signed by its author. */
import { importCommits, moveRefs, type Signature } from './fast-import.ts';
import type { Git } from './git.ts';
import { readBlobs, readTree } from './objects.ts';
import { refOrNull } from './refs.ts';

export interface Ack {
  /** The finding's id. */
  readonly finding: string;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
  /** From then on it counts again; never when absent. */
  readonly until?: string;
}

export const ACKS = 'refs/drifttrail/acks';
export const PUSHED_ACKS = 'refs/drifttrail/remote/acks';

export async function readAcks(git: Git): Promise<Ack[]> {
  if ((await refOrNull(git, ACKS)) === null) return [];
  const tree = await readTree(git, ACKS);
  const blobs = await readBlobs(git, tree.values());
  return [...tree.values()].map((id) => JSON.parse(String(blobs.get(id))) as Ack);
}

/** Without a reason it is taken back. False when there was nothing to take back. */
export async function writeAck(
  git: Git,
  ack: Ack | Pick<Ack, 'finding'>,
  by: string,
  { seconds, committer }: { readonly seconds: number; readonly committer: Signature },
): Promise<boolean> {
  const file = `${ack.finding}.json`;
  const stands = 'reason' in ack;
  for (;;) {
    const expected = await refOrNull(git, ACKS);
    const known = expected === null ? undefined : (await readTree(git, expected)).get(file);
    if (!stands && known === undefined) return false;
    const commit = {
      ref: ACKS,
      expected,
      message: stands ? `Acknowledge ${ack.finding}\n` : `Withdraw the acknowledgement of ${ack.finding}\n`,
      seconds,
      author: signatureOf(by),
      committer,
      writes: stands ? [[file, Buffer.from(`${JSON.stringify(ack, null, 2)}\n`, 'utf8')] as const] : [],
      deletes: stands ? [] : [file],
    };
    const { ids, held } = await importCommits(git, [commit], true);
    if (await moveRefs(git, [{ ref: ACKS, to: ids[0] ?? '', from: expected }], held, 'acknowledged')) return true;
  }
}

/** What may stand in a signature. */
function signatureOf(by: string): Signature {
  const name = by.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}<>]/gu, '').trim() || 'somebody';
  const local = name.replaceAll(/[^A-Za-z0-9._+@-]+/g, '-');
  return { name, email: local.includes('@') ? local : `${local}@localhost` };
}

/** After another writer was first: what was said here since `base`, on top of what was said there. */
export async function rebuildAcks(git: Git, base: string | undefined, seconds: number, author: Signature): Promise<void> {
  const [local, theirs] = await Promise.all([refOrNull(git, ACKS), refOrNull(git, PUSHED_ACKS)]);
  if (local === null || theirs === null || local === theirs) return;
  const [ours, before, there] = await Promise.all([
    readTree(git, local),
    base === undefined ? new Map<string, string>() : readTree(git, base),
    readTree(git, theirs),
  ]);
  const writes = [...ours].filter(([file, id]) => before.get(file) !== id && there.get(file) !== id);
  const deletes = [...before.keys()].filter((file) => !ours.has(file) && there.has(file));
  if (writes.length === 0 && deletes.length === 0) {
    await moveRefs(git, [{ ref: ACKS, to: theirs, from: local }], [], 'acknowledgements as the remote has them');
    return;
  }
  const commit = { ref: ACKS, expected: local, parent: theirs, message: 'Acknowledgements\n', seconds, author, writes, deletes };
  const { ids, held } = await importCommits(git, [commit], true);
  await moveRefs(git, [{ ref: ACKS, to: ids[0] ?? '', from: local }], held, 'acknowledgements rebuilt on the remote');
}
