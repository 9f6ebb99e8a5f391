/** One worker for many clocks: ticks that arrive while it works are gathered and done once, together. */

export interface Queue {
  readonly add: (name: string) => void;
  /** Whether something runs or waits. */
  readonly busy: () => boolean;
  /** Takes nothing more; resolves when the work in hand has ended. */
  readonly close: () => Promise<void>;
}

/** `work` gets all names that gathered, without repeats, and never runs twice at a time. It must not throw. */
export function createQueue(work: (names: readonly string[]) => Promise<void>): Queue {
  const waiting = new Set<string>();
  let open = true;
  let running: Promise<void> | undefined;
  const drain = async () => {
    while (open && waiting.size > 0) {
      const names = [...waiting];
      waiting.clear();
      await work(names);
    }
    running = undefined;
  };
  return {
    add: (name) => {
      if (!open) return;
      waiting.add(name);
      running ??= Promise.resolve().then(drain);
    },
    busy: () => running !== undefined,
    close: async () => {
      open = false;
      waiting.clear();
      await running;
    },
  };
}
