/** Plans a snapshot while git already stores what is new. */
import type { Ahead } from '../store/ahead.ts';
import { type Plan, type PlanInput, planWrites } from '../store/plan.ts';

/** Without `ahead` everything is left to the commit. */
export async function planSnapshot(input: PlanInput, ahead?: Ahead): Promise<Plan> {
  const steps = planWrites(input);
  let step = steps.next();
  while (step.done !== true) step = steps.next(ahead !== undefined && (await ahead.take(step.value)));
  return step.value;
}
