/** Whom the machine asks for addresses: resolv.conf in effect, wherever its link leads. */
import type { JsonObject } from 'drifttrail';
import { dataLines, type Fact } from './fact.ts';

export const resolver: Fact = {
  name: 'resolver',
  kind: 'host.resolver',
  title: 'resolver',
  collection: false,
  read: (source) => {
    const text = source.read('etc/resolv.conf');
    return text === undefined ? undefined : resolverOf(text);
  },
};

/** resolv.conf(5): the order of name servers counts; of several search lines the last. */
export function resolverOf(text: string): JsonObject {
  const lines = dataLines(text)
    .filter((line) => !line.startsWith(';'))
    .map((line) => line.split(/\s+/));
  const values = (word: string) => lines.filter(([first]) => first === word).map((words) => words.slice(1));
  return {
    nameservers: values('nameserver').flat(),
    search: (values('search').at(-1) ?? values('domain').at(-1) ?? []).filter((name) => name !== '.'),
    options: values('options').flat().sort(),
  };
}
