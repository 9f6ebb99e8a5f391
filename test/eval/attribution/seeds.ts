/** `7`, `1-20`, `1-3,8`. */
import { DrifttrailError } from '../../../src/errors.ts';

/** Throws a DrifttrailError `seeds-invalid`. */
export function seedsOf(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to ?? from)];
    return from === undefined ? [Number.NaN] : Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
  if (seeds.length === 0 || seeds.some(Number.isNaN)) {
    throw new DrifttrailError({
      code: 'seeds-invalid',
      message: `${JSON.stringify(text)} names no seeds`,
      remedy: 'write a number, a range or a list: --seeds 1-20',
    });
  }
  return seeds;
}
