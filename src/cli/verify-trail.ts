/** Whether the trails' own files are as they were delivered. */
import type { Deployment } from '../deployment.ts';
import { describeError } from '../errors.ts';
import type { TrailGap } from '../model.ts';
import type { Session } from './session.ts';
import type { Problem, Verdict } from './verify-verdict.ts';

export async function trailVerdict(
  { trails, surroundings }: Deployment,
  window: { readonly from: string; readonly to: string },
  { signal, progress }: Session,
): Promise<Verdict> {
  const problems: Problem[] = [];
  const gaps: string[] = [];
  const notes: string[] = [];
  const checked: Record<string, number> = {};
  for (const { use, trail, options } of trails) {
    if (trail.verify === undefined) {
      notes.push(`${use} has no files of its own that could be proven`);
      continue;
    }
    try {
      const found = trail.verify({
        ...surroundings,
        options: options(),
        signal,
        window,
        gap: (gap) => gaps.push(`${use}: ${wordsOf(gap)}`),
        note: (text) => notes.push(`${use}: ${text}`),
        checked: (things, count) => {
          checked[things] = (checked[things] ?? 0) + count;
        },
        progress,
      });
      for await (const problem of found) problems.push({ ...problem, trail: use });
    } catch (error) {
      signal.throwIfAborted();
      gaps.push(`${use}: ${describeError(error)}`);
    }
  }
  if (!trails.some(({ trail }) => trail.verify !== undefined))
    gaps.push('no configured trail can be proven; configure the s3 trail, or files with a copy of its bucket');
  return { problems, gaps, notes, checked };
}

function wordsOf({ account, region, detail }: TrailGap): string {
  const where = [account, region].filter((part) => part !== undefined).join(' ');
  return where === '' ? detail : `${where}: ${detail}`;
}
