/** The answers of a host as the file system that a walk and the facts read. */
import type { RawPath, Status, Tree } from '../filesystem.ts';
import { type Answers, isFailure, type Node } from './answers.ts';
import { keyOf, nameOf, textOfKey } from './path-key.ts';
import type { Want } from './request.ts';

/** Says what was not asked yet; returns when it may be taken for absent meanwhile, else throws. */
export type Ask = (want: Want, shown: string) => void;

export function createTree(answers: Answers, ask: Ask): Tree {
  function names(path: RawPath): readonly string[] {
    const key = keyOf(path);
    const failure = answers.failedWalks.get(key) ?? (answers.closed.has(key) ? { code: 'EACCES' } : undefined);
    const found = failure ?? answers.children.get(key) ?? answers.lists.get(key);
    if (found === undefined) ask({ verb: 'list', path: key }, key);
    if (found === undefined || found === 'absent') throw failed('ENOENT', key);
    if (isFailure(found)) throw failed(found.code, key);
    return found;
  }

  function target(path: RawPath): string {
    const key = keyOf(path);
    const walked = answers.targets.get(key);
    if (walked !== undefined) return walked;
    const look = answers.looks.get(key);
    if (look === undefined) ask({ verb: 'look', path: key }, key);
    if (look === undefined || look === 'absent') throw failed('ENOENT', key);
    if (look === 'other') throw failed('EINVAL', key);
    if (isFailure(look)) throw failed(look.code, key);
    return look.target;
  }

  return {
    lstatSync: (path) => {
      const key = keyOf(path);
      const node = answers.nodes.get(key);
      if (node !== undefined) return statusOf(node);
      const look = answers.looks.get(key);
      // Walked folders have told of all that is in them; their own folders, which were not, were asked for by themselves.
      const code = look === undefined || look === 'absent' ? 'ENOENT' : isFailure(look) ? look.code : 'EIO';
      throw failed(code, key);
    },
    readdirSync: ((path: RawPath, options?: { readonly encoding: 'buffer' }) =>
      options === undefined ? names(path).map(textOfKey) : names(path).map(nameOf)) as Tree['readdirSync'],
    readlinkSync: ((path: RawPath, options?: { readonly encoding: 'buffer' }) =>
      options === undefined ? textOfKey(target(path)) : nameOf(target(path))) as Tree['readlinkSync'],
    statfsSync: (path) => {
      const key = keyOf(path);
      const filling = answers.fillings.get(key);
      if (filling === undefined) ask({ verb: 'fill', path: key }, key);
      if (filling === undefined) throw failed('ENOENT', key);
      if (isFailure(filling)) throw failed(filling.code, key);
      return filling;
    },
  };
}

function failed(code: string, key: string): Error {
  return Object.assign(new Error(`${code}: ${key}`), { code });
}

const BITS: Readonly<Record<string, number>> = {
  p: 0o010000,
  c: 0o020000,
  d: 0o040000,
  b: 0o060000,
  f: 0o100000,
  l: 0o120000,
  s: 0o140000,
};

function statusOf({ type, mode, uid, gid, size }: Node): Status {
  const is = (letter: string) => () => type === letter;
  return {
    mode: (BITS[type] ?? 0) | mode,
    uid,
    gid,
    size,
    isFile: is('f'),
    isDirectory: is('d'),
    isSymbolicLink: is('l'),
    isFIFO: is('p'),
    isSocket: is('s'),
    isBlockDevice: is('b'),
  };
}
