/** Which paths a set names, and file names that are no text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSelection } from '../../../exporters/host/globs.ts';
import { textOf } from '../../../exporters/host/names.ts';

describe('a set', () => {
  it('is folders with everything below and globs, without what is excluded', () => {
    const set = createSelection(['/etc/', 'root/*/authorized_keys', 'opt/**/*.conf'], ['etc/ssl/**', '**/*.bak']);
    expect(set.bases).toEqual(['etc', 'opt', 'root']);
    const paths = [
      'etc',
      'etc/a/b',
      'etcetera',
      'etc/ssl/x',
      'etc/x.bak',
      'root/.ssh/authorized_keys',
      'root/a/b/authorized_keys',
      'opt/a.conf',
      'opt/x/y/a.conf',
      'opt/x/y/a.txt',
    ];
    expect(paths.filter(set.selects)).toEqual(['etc', 'etc/a/b', 'root/.ssh/authorized_keys', 'opt/a.conf', 'opt/x/y/a.conf']);
    expect(set.excludes('etc/ssl/x')).toBe(true);
  });

  it('starts once where bases stand inside each other', () => {
    expect(createSelection(['etc', 'etc/ssh', 'etc/*.d', 'et'], []).bases).toEqual(['et', 'etc']);
    expect(createSelection(['**/x'], []).bases).toEqual(['']);
    expect(createSelection(['a.b'], []).selects('aXb')).toBe(false);
  });
});

describe('names', () => {
  it('are text, with bytes that are none escaped', () => {
    expect(textOf(Buffer.from('grün'))).toBe('grün');
    expect(textOf(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\\xffb');
    expect(textOf(Buffer.from('a\\xffb'))).toBe('a\\x5cxffb');
  });

  it('never share a text', () => {
    const bytes = fc.array(fc.constantFrom(0x5c, 0x78, 0x66, 0x35, 0x63, 0xff, 0xc3, 0xa9, 0x61), { maxLength: 7 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const same = Buffer.from(a).equals(Buffer.from(b));
        return (textOf(Buffer.from(a)) === textOf(Buffer.from(b))) === same;
      }),
      { numRuns: 20_000 },
    );
  });
});
