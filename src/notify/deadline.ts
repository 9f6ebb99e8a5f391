/**
 * A signal that ends with a time or with another signal. Not AbortSignal.any over AbortSignal.timeout: Node 20 holds both
 * weakly, and one that the garbage collector took never fires.
 */

export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time is what ended it. */
  readonly late: () => boolean;
  /** To be called when the work has ended: nothing waits for the time any more. */
  readonly clear: () => void;
}

export function deadlineOf(milliseconds: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let late = false;
  const stop = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => {
    late = true;
    controller.abort(new DOMException('the time is over', 'TimeoutError'));
  }, milliseconds);
  if (outer?.aborted === true) stop();
  outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    late: () => late,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
