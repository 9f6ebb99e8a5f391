/** Reads what the collector printed (collector.sh) into answers; a stream that breaks off answers nothing. */
import { type Answers, type Failure, failureOf, type Look, type Node, Unanswered, wordsKey } from './answers.ts';
import { nameOf } from './path-key.ts';
import { readTar } from './tar.ts';

interface Cursor {
  readonly bytes: Buffer;
  readonly mark: Buffer;
  at: number;
}

/**
 * Adds all answers to `answers`. Throws Unanswered: `absent` when the program did not begin, `cut` when it did not come
 * to its end; then `answers` is not to be used.
 */
export function readFrames(bytes: Buffer, mark: string, answers: Answers): void {
  const cursor: Cursor = { bytes, mark: Buffer.from(`\0${mark}\0`, 'latin1'), at: 0 };
  const begin = bytes.indexOf(cursor.mark);
  if (begin < 0) throw new Unanswered('absent');
  cursor.at = begin + cursor.mark.length;
  for (;;) {
    const first = field(cursor);
    const letter = first.charAt(0);
    const rest = first.slice(1);
    if (letter === 'z') {
      if (rest === mark) return;
      throw new Unanswered('cut');
    }
    const read = READERS[letter];
    if (read === undefined) throw new Unanswered('garbled');
    read(rest, cursor, answers);
  }
}

type Reader = (rest: string, cursor: Cursor, answers: Answers) => void;

const READERS: Readonly<Record<string, Reader>> = {
  t: (asked, cursor, { texts }) => {
    const path = keyOfField(asked);
    const status = field(cursor);
    if (status !== '+') texts.set(path, without(status));
    else {
      const content = untilMark(cursor);
      const error = field(cursor);
      texts.set(path, error === '' ? content : failureOf(error));
    }
  },
  d: (path, cursor, { lists }) => {
    const status = field(cursor);
    if (status !== '+') lists.set(path, without(status));
    else {
      const names: string[] = [];
      for (let name = field(cursor); name !== ''; name = field(cursor)) names.push(name);
      lists.set(path, names);
    }
  },
  k: (path, cursor, { looks }) => {
    const status = field(cursor);
    const look: Look = status === 'l' ? linkTo(field(cursor)) : status === 'e' ? 'other' : without(status);
    looks.set(path, look);
  },
  o: (path, cursor, { looks, lists }) => {
    const target = field(cursor);
    const slash = path.lastIndexOf('/');
    const names = lists.get(path.slice(0, slash));
    if (!Array.isArray(names)) return; // a folder that was not asked for
    names.push(path.slice(slash + 1));
    looks.set(path, linkTo(target));
  },
  v: (path, cursor, { fillings }) => {
    const said = field(cursor);
    const [blocks, bfree, bavail, files, ffree] = /^\d+( \d+){4}$/.test(said) ? said.split(' ').map(Number) : [];
    if (blocks === undefined || bfree === undefined || bavail === undefined || files === undefined || ffree === undefined)
      fillings.set(path, failureOf(said));
    else fillings.set(path, { blocks, bfree, bavail, files, ffree });
  },
  c: (count, cursor, { printed }) => {
    const words = fields(cursor, Number(count)).map(utf8);
    const [code = '', stdout = '', stderr = ''] = fields(cursor, 3).map(utf8);
    printed.set(wordsKey(words), { code: code === 'none' ? undefined : Number(code), stdout, stderr });
  },
  n: (rest, cursor, answers) => {
    const found = /^(\S) ([0-7]+) (\d+) (\d+) (\d+) \/(.*)$/s.exec(rest);
    const target = field(cursor);
    if (found === null) throw new Unanswered('garbled');
    const [, type = '', mode = '', uid, gid, size, path = ''] = found;
    addNode(answers, path, { type, mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid), size: Number(size) });
    if (type === 'l') answers.targets.set(path, target);
  },
  m: (count, cursor, answers) => {
    const paths = fields(cursor, Number(count));
    const lines = field(cursor).split('\n');
    if (lines.length !== paths.length) throw new Unanswered('garbled');
    for (const [index, path] of paths.entries()) {
      const [mode, uid, gid, size] = (lines[index] ?? '').split(' ');
      if (mode === undefined || size === undefined) continue; // gone meanwhile
      const bits = Number.parseInt(mode, 16);
      addNode(answers, keyOfField(path), {
        type: TYPES[bits >> 12] ?? 'U',
        mode: bits & 0o7777,
        uid: Number(uid),
        gid: Number(gid),
        size: Number(size),
      });
    }
  },
  l: (path, cursor, { targets }) => {
    targets.set(path, field(cursor));
  },
  r: (path, _, { closed }) => {
    closed.add(keyOfField(path));
  },
  f: (base, cursor, { failedWalks }) => {
    const [status = '', errors = ''] = fields(cursor, 2);
    const serious = errors.split('\n').find((line) => line !== '' && !/: (Permission denied|No such file or directory)$/.test(line));
    // find leaves with 1 also for what may not be read or is gone; that it says, and those folders are known as closed.
    if (serious !== undefined || (status !== '0' && errors === '')) failedWalks.set(base, failureOf(serious ?? ''));
  },
  b: (_, cursor, { contents }) => {
    const files = new Map<string, Buffer>();
    cursor.at = readTar(cursor.bytes, cursor.at, (path, bytes) => files.set(path, bytes));
    const [status = '', errors = ''] = [field(cursor).slice(1), field(cursor)];
    for (const path of uncertain(errors)) files.delete(path);
    // Killed, or out of memory: what it had read is whole, the rest is asked for one by one.
    if (Number(status) > 2) files.clear();
    for (const [path, bytes] of files) contents.set(path, bytes);
  },
  s: (path, cursor, { contents }) => {
    const status = field(cursor);
    if (!status.startsWith('+')) contents.set(path, without(status));
    else {
      const content = untilMark(cursor);
      const after = field(cursor);
      contents.set(path, rewritten(status.slice(1), after, content.length) ? 'changed' : content);
    }
  },
  h: (path, cursor, { contents }) => {
    const [before = '', after = '', how, sum = ''] = fields(cursor, 4);
    const size = Number(before.split(' ')[0]);
    if (rewritten(before, after, size) || !/^[0-9a-f]{64}$/.test(sum)) contents.set(path, 'changed');
    else contents.set(path, how === 'all' ? { size, sha256: sum } : { size, sha256OfEnds: sum });
  },
};

/** By the bits of S_IFMT. */
const TYPES: Readonly<Record<number, string>> = { 1: 'p', 2: 'c', 4: 'd', 6: 'b', 8: 'f', 10: 'l', 12: 's' };

function addNode({ nodes, children }: Answers, path: string, node: Node): void {
  if (nodes.has(path)) return; // one folder inside another was walked twice
  nodes.set(path, node);
  if (node.type === 'd' && !children.has(path)) children.set(path, []);
  const slash = path.lastIndexOf('/');
  if (path !== '') children.get(path.slice(0, Math.max(slash, 0)))?.push(path.slice(slash + 1));
}

/** Only growth keeps what was read true: the same first bytes, then more. Seconds are all that stat tells everywhere. */
function rewritten(before: string, after: string, read: number): boolean {
  const [size = 0, time] = before.split(' ').map(Number);
  const [sizeAfter = -1, timeAfter] = after === '' ? [] : after.split(' ').map(Number);
  return read !== size || sizeAfter < size || (sizeAfter === size && timeAfter !== time);
}

/** Files that tar says were not whole or not the same when it had read them; it pads them with zeros. */
function* uncertain(errors: string): Generator<string> {
  for (const text of errors.split('\n')) {
    const path = /^tar: (.*?): (?:file changed as we read it|File shrank by .*|File removed before we read it|.*[Rr]ead error.*)$/.exec(
      text,
    )?.[1];
    if (path !== undefined)
      yield keyOfField(path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
  }
}

function without(status: string): 'absent' | Failure {
  return status.startsWith('!') ? failureOf(status.slice(1)) : 'absent';
}

/** No link is empty: one of another user's process is there and may not be read. */
function linkTo(target: string): Look {
  return target === '' ? { code: 'EACCES' } : { target };
}

/** Of an absolute path. */
function keyOfField(path: string): string {
  return path.replace(/^\/+/, '');
}

function utf8(text: string): string {
  return nameOf(text).toString('utf8');
}

function fields(cursor: Cursor, count: number): string[] {
  return Array.from({ length: count }, () => field(cursor));
}

function field(cursor: Cursor): string {
  const end = cursor.bytes.indexOf(0, cursor.at);
  if (end < 0) throw new Unanswered('cut');
  const text = cursor.bytes.toString('latin1', cursor.at, end);
  cursor.at = end + 1;
  return text;
}

function untilMark(cursor: Cursor): Buffer {
  const end = cursor.bytes.indexOf(cursor.mark, cursor.at);
  if (end < 0) throw new Unanswered('cut');
  const content = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end + cursor.mark.length;
  return content;
}
