/** Text that grows when it is escaped, kept to a length without cutting an escape in two. */
import { cut } from 'drifttrail';

/** `growth`: the most characters that one character becomes more by. */
export function escapedTo(text: string, most: number, encode: (text: string) => string, growth: number): string {
  let room = most;
  let result = encode(cut(text, room));
  while (result.length > most) {
    room -= Math.max(1, Math.ceil((result.length - most) / (growth + 1)));
    result = encode(cut(text, room));
  }
  return result;
}
