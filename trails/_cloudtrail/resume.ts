/** Where reading goes on: what one complete read after the other has covered need not be read again, but for what came late. */
import { isObject, type Json } from 'drifttrail';

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The begin of what must be read of a window. `late`: milliseconds by which records may come later than they should. */
export function resumeFrom(window: Span, mark: string | undefined, late: number): string {
  const read = readMark(mark);
  if (read === undefined || millis(window.from) < millis(read.from)) return window.from;
  const known = millis(read.to) - late;
  return known > millis(window.from) && known < millis(window.to) ? new Date(known).toISOString() : window.from;
}

/** The mark after a window has been read completely. */
export function resumeMark(window: Span, mark: string | undefined): string {
  const read = readMark(mark);
  const apart = read === undefined || millis(window.from) > millis(read.to) || millis(window.to) < millis(read.from);
  // Of two spans with a hole in between the later is kept: the next windows begin there.
  if (apart) return JSON.stringify(read !== undefined && millis(read.to) > millis(window.to) ? read : { from: window.from, to: window.to });
  return JSON.stringify({
    from: millis(window.from) < millis(read.from) ? window.from : read.from,
    to: millis(window.to) > millis(read.to) ? window.to : read.to,
  });
}

function readMark(mark: string | undefined): Span | undefined {
  if (mark === undefined) return undefined;
  try {
    const value = JSON.parse(mark) as Json;
    if (!isObject(value) || typeof value['from'] !== 'string' || typeof value['to'] !== 'string') return undefined;
    return { from: value['from'], to: value['to'] };
  } catch {
    return undefined; // Another version's mark: the window is read anew, and events are kept once anyway.
  }
}

const millis = (time: string): number => Date.parse(time);
