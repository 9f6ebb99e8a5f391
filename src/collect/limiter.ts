/** A token bucket: calls are spaced so that we never go faster than we were allowed to. */
import type { Surroundings } from '../model.ts';

export interface Limiter {
  /** Resolves when the next call may start. */
  readonly take: (signal?: AbortSignal) => Promise<void>;
}

/** At most `perSecond` calls a second on average, with a burst of `burst` calls (default 1). */
export function createLimiter(perSecond: number, surroundings: Pick<Surroundings, 'now' | 'sleep'>, burst = 1): Limiter {
  const spacing = 1000 / perSecond;
  let free = Number.NEGATIVE_INFINITY; // when the bucket is full again, in ms
  return {
    async take(signal) {
      const now = surroundings.now().getTime();
      const start = Math.max(now, free - (burst - 1) * spacing);
      free = Math.max(free, now) + spacing;
      if (start > now) await surroundings.sleep(start - now, signal);
      signal?.throwIfAborted();
    },
  };
}
