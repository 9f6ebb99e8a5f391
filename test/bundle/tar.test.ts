/** What was put in comes out under its name, in one order, with checksums that hold. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tar, type TarFile } from '../../src/bundle/tar.ts';

/** Reads what POSIX calls a pax archive. */
function read(archive: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  let long: string | undefined;
  for (let at = 0; archive[at] !== 0; ) {
    const header = Buffer.from(archive.subarray(at, at + 512));
    const [size, sum] = [header.toString('ascii', 124, 135), header.toString('ascii', 148, 154)].map((text) =>
      Number.parseInt(text, 8),
    ) as [number, number];
    header.fill(' ', 148, 156);
    expect(header.reduce((total, byte) => total + byte, 0)).toBe(sum);
    expect(header.toString('ascii', 257, 265)).toBe('ustar\x0000');
    const content = archive.subarray(at + 512, at + 512 + size);
    if (header[156] === 'x'.charCodeAt(0)) {
      const [, length = '', path = ''] = /^(\d+) path=(.*)\n$/s.exec(content.toString()) ?? [];
      expect(Number(length)).toBe(content.length);
      long = path;
    } else {
      found.set(long ?? header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), content.toString('base64'));
      long = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

const name = fc.array(fc.stringMatching(/^[A-Za-z0-9._@=+,%-]{1,60}$/), { minLength: 1, maxLength: 5 }).map((words) => words.join('/'));
const files = fc.uniqueArray(fc.record({ name: fc.oneof(name, fc.constant('a/ü‹x›')), bytes: fc.uint8Array({ maxLength: 1500 }) }), {
  selector: (file: TarFile) => file.name,
  maxLength: 6,
});

test('any files: all come out, in any order the same bytes', () => {
  fc.assert(
    fc.property(files, (given) => {
      const archive = tar(given, 1_763_731_200);
      expect(archive.length % 512).toBe(0);
      expect(read(archive)).toEqual(new Map(given.map((file) => [file.name, Buffer.from(file.bytes).toString('base64')])));
      expect(tar([...given].reverse(), 1_763_731_200).equals(archive)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
