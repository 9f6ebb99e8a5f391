/** A plan at once, as for a commit that nothing is stored ahead of. */
import { blobId } from '../../src/store/objects.ts';
import { type Plan, type PlanInput, planWrites } from '../../src/store/plan.ts';

export function planned(input: PlanInput, store: (content: Uint8Array) => boolean = () => false): Plan {
  const steps = planWrites(input);
  let step = steps.next();
  while (step.done !== true) step = steps.next(store(step.value));
  return step.value;
}

/** Of a file that is written whole, or stands there by its id already. */
export function idOf(content: Uint8Array | string): string {
  return typeof content === 'string' ? content : blobId(content);
}
