import { expect, it } from 'vitest';
import { sayNew } from '../../src/schedule/say-new.ts';

it('tells once what goes on being wrong, and again what was right in between', () => {
  const said: string[] = [];
  const tell = sayNew((text) => said.push(text));
  const after = (name: string, ...lines: string[]) => {
    said.length = 0;
    tell(name, lines);
    return [...said];
  };
  expect(after('aws', 'denied', 'denied', 'slow')).toEqual(['denied', 'slow']);
  expect(after('aws', 'denied', 'gone')).toEqual(['gone']);
  expect(after('host', 'denied')).toEqual(['denied']);
  expect(after('aws')).toEqual([]);
  expect(after('aws', 'denied')).toEqual(['denied']);
});
