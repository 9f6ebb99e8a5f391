import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { rangeBits } from '../../src/rank/cidr.ts';

const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('0x7f.1', '127.1', '010.8.0.1', '2130706433', '::ffff:10.0.0.1', 'fe80::1%eth0'),
);
const text = fc.oneof(
  addresses,
  fc.tuple(addresses, fc.integer({ min: 0, max: 140 })).map(([address, bits]) => `${address}/${bits}`),
  fc.string({ unit: fc.constantFrom(...'0129afxXg.:/% '), maxLength: 14 }),
  fc.string({ maxLength: 20 }),
);

test('a range is whatever ipaddr.js can read, and nothing else', () => {
  const reads = fc.property(text, (given) => {
    const trimmed = given.trim();
    expect(rangeBits(given) >= 0).toBe(ipaddr.isValid(trimmed) || ipaddr.isValidCIDR(trimmed));
  });
  fc.assert(reads, { numRuns: 2000 });
});
