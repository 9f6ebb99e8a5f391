/** A signal that ends by itself: with a timer of its own, since one that only other signals refer to may be collected as garbage. */

export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was time that ended it. */
  readonly isOver: () => boolean;
  readonly clear: () => void;
}

/** `above` ends it too, with its own reason. */
export function startDeadline(milliseconds: number, above: AbortSignal): Deadline {
  const stop = new AbortController();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    stop.abort(new DOMException(`not finished in ${milliseconds / 1000} s`, 'TimeoutError'));
  }, milliseconds);
  const follow = () => stop.abort(above.reason);
  above.addEventListener('abort', follow, { once: true });
  if (above.aborted) follow();
  return {
    signal: stop.signal,
    isOver: () => over,
    clear: () => {
      clearTimeout(timer);
      above.removeEventListener('abort', follow);
    },
  };
}
