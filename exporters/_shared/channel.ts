/** Many writers, one reader: turns what parallel work finds into one stream. */

/** What `work` pushes, in the order of coming; throws what the work throws, after all that came before. */
export async function* gathered<T>(work: (push: (values: readonly T[]) => void) => Promise<unknown>): AsyncGenerator<T> {
  const channel = createChannel<T>();
  work(channel.push).then(
    () => channel.close(),
    (error: unknown) => channel.close(error ?? new Error('collecting failed')),
  );
  yield* channel;
}

interface Channel<T> extends AsyncIterable<T> {
  readonly push: (values: readonly T[]) => void;
  /** No more will come; with an error the reader throws it after what has been pushed. */
  readonly close: (error?: unknown) => void;
}

function createChannel<T>(): Channel<T> {
  const waiting: T[][] = [];
  let closed = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  return {
    push(values) {
      waiting.push([...values]);
      notify();
    },
    close(error) {
      closed = true;
      if (error !== undefined) failure = { error };
      notify();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = waiting.shift();
        if (batch !== undefined) {
          yield* batch;
          continue;
        }
        if (failure !== undefined) throw failure.error;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
