/** What an outlet is called in state/: what it was told must be found again when hooks are added, removed or moved. */
import type { Config } from './config/schema.ts';

/** Characters; it names a folder. */
const LONGEST = 50;

/** Its `name`; else its `use`, with a number where there are several of one. By place in the configuration. */
export function outletNames(hooks: Config['hooks']): readonly string[] {
  const taken = new Set(hooks.flatMap(({ name }) => name ?? []));
  return hooks.map(({ use, name }) => {
    if (name !== undefined) return name;
    const plain =
      use
        .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
        .replace(/^-+/, '')
        .slice(-LONGEST) || 'hook';
    let own = plain;
    for (let number = 2; taken.has(own); number += 1) own = `${plain}-${number}`;
    taken.add(own);
    return own;
  });
}
