/** A clock that moves only when it is told to, or when somebody waits. */
export interface Clock {
  readonly now: () => Date;
  readonly advance: (milliseconds: number) => void;
  /** Waiting takes no real time. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export function createClock(start: string): Clock {
  let time = Date.parse(start);
  const advance = (milliseconds: number) => {
    time += Math.max(0, milliseconds);
  };
  return {
    now: () => new Date(time),
    advance,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      advance(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
