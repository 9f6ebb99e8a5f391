/** How an outlet has fared since its beginning, kept beside its messages; a count that is lost harms nobody. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutletCounts, Receipt } from '../model.ts';
import { writeDurably } from './files.ts';

export type Counts = Pick<OutletCounts, 'sent' | 'retried' | 'failed' | 'lastSuccess'>;

const NONE: Counts = { sent: 0, retried: 0, failed: 0, lastSuccess: null };
const FILE = 'counts.json';

export async function readCounts(home: string): Promise<Counts> {
  try {
    return { ...NONE, ...(JSON.parse(await readFile(join(home, FILE), 'utf8')) as Partial<Counts>) };
  } catch (error) {
    // Without the file, or with half of one that somebody edited, counting begins anew.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return NONE;
    throw error;
  }
}

export async function addCounts(home: string, deliveries: readonly Pick<Receipt, 'status'>[], now: Date): Promise<void> {
  if (deliveries.length === 0) return;
  const count = (wanted: Receipt['status']) => deliveries.filter(({ status }) => status === wanted).length;
  const before = await readCounts(home);
  const sent = count('delivered');
  const after: Counts = {
    sent: before.sent + sent,
    retried: before.retried + count('retry'),
    failed: before.failed + count('rejected'),
    lastSuccess: sent > 0 ? now.toISOString() : before.lastSuccess,
  };
  await writeDurably(join(home, FILE), `${JSON.stringify(after)}\n`);
}
