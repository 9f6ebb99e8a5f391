/** A small seeded generator (mulberry32), so that every scenario can be made again from its number. */
export interface Random {
  /** 0 ≤ x < 1 */
  readonly next: () => number;
  /** 0 ≤ n < limit */
  readonly int: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
  /** `length` hexadecimal digits. */
  readonly hex: (length: number) => string;
  /** `length` characters of A–Z and 2–7, as AWS's ids have them. */
  readonly base32: (length: number) => string;
  readonly uuid: () => string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (limit: number) => Math.floor(next() * limit);
  const text = (alphabet: string, length: number) => Array.from({ length }, () => alphabet[int(alphabet.length)]).join('');
  const hex = (length: number) => text('0123456789abcdef', length);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error('nothing to pick from');
      return list[int(list.length)] as (typeof list)[number]; // `undefined` may be one of them
    },
    hex,
    base32: (length) => text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
