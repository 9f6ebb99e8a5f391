/** Numbers that move by themselves are told as the highest step that they reached: a number would make a commit of every run. */

/** `steps` descend; below the last of them 0. */
export function reached(value: number, steps: readonly number[]): number {
  return steps.find((step) => value >= step) ?? 0;
}
