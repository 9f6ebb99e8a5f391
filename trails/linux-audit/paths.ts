/** Paths as the host exporter names files: relative to its root, without a leading slash. */
import type { JsonObject } from 'drifttrail';

/** The path below the root, every `.` and `..` taken out; undefined when it is outside. */
export function relative(name: string, cwd: string, root: string): string | undefined {
  const parts: string[] = [];
  for (const part of (name.startsWith('/') ? name : `${cwd}/${name}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const absolute = `/${parts.join('/')}`;
  if (root === '/') return absolute.slice(1);
  return absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : undefined;
}

const MAX_NAMED = 50;

/** `{ names: […] }`: what could be files among the words of a command line, after the program itself. */
export function namedIn(command: string, cwd: string, root: string): JsonObject {
  const words = command.split(/[\s'"<>|;&=]+/).slice(1);
  const paths = words.flatMap((word) => (word === '' || word.startsWith('-') ? [] : (relative(word, cwd, root) ?? [])));
  const names = [...new Set(paths)].filter((path) => path.includes('/')).slice(0, MAX_NAMED);
  return names.length === 0 ? {} : { names };
}
