/** Keeps the tip of each snapshot outside of the repository, so that `verify` can tell when the history there is another. */
import type { Deployment } from '../deployment.ts';
import { appendTip } from '../store/tips.ts';

/** `before`: the tip before the push, which may have put our commits on those of another writer; `pushed`: whether the remote has it all. */
export async function keepTip(
  { store, stateDir, surroundings, config }: Deployment,
  { before, pushed }: { readonly before: string | null; readonly pushed: boolean },
): Promise<void> {
  const tip = await store.tip();
  if (tip === null) return;
  const rebuilt = before !== null && before !== tip && !(await store.isAncestor(before, tip));
  const state = config.remote === undefined ? 'local' : pushed ? 'pushed' : 'waiting';
  appendTip(stateDir, { at: surroundings.now().toISOString(), tip, state, ...(rebuilt ? { rebuilt } : {}) });
}
