/** A host's answers as the source of its files and facts: what a machine would have told by itself. */
import type { CollectContext } from 'drifttrail';
import { Unreadable, unreadable } from '../filesystem.ts';
import { nameText } from '../names.ts';
import { contentOf, digestOf, neverStill } from '../read-file.ts';
import { printedBy, type Source, textOfBytes } from '../source.ts';
import { type Answers, type Failure, isFailure, wordsKey } from './answers.ts';
import { keyOf, nameOf, textOfKey } from './path-key.ts';
import { line, type Want } from './request.ts';
import { type Ask, createTree } from './tree.ts';

/** What `timeout` leaves with when it had to stop the program. */
const STOPPED = 124;

type Clocked = Pick<CollectContext, 'signal' | 'now'>;

/** A source that takes what it has not been told for absent, and the questions that would tell. */
export function createAskingSource(answers: Answers, context: Clocked): { readonly source: Source; readonly wants: () => Want[] } {
  const wants = new Map<string, Want>();
  const source = createSource(answers, context, (want) => {
    wants.set(line(want), want);
  });
  return { source, wants: () => [...wants.values()] };
}

/** A source for which what it has not been told cannot be read. */
export function createToldSource(answers: Answers, context: Clocked): Source {
  return createSource(answers, context, (_, shown) => {
    throw new Unreadable(shown, 'the host changed each time it was asked', 'truncated');
  });
}

function createSource(answers: Answers, { signal, now }: Clocked, ask: Ask): Source {
  const look = (path: string) => {
    const key = keyOf(path);
    const found = answers.looks.get(key);
    if (found === undefined) ask({ verb: 'look', path: key }, path);
    return told(found, path);
  };
  return {
    fs: createTree(answers, ask),
    root: '/',
    live: true,
    signal,
    now,
    read: (path) => {
      const key = keyOf(path);
      const found = answers.texts.get(key);
      if (found === undefined) ask({ verb: 'text', path: key }, path);
      const bytes = told(found, path);
      if (bytes === undefined) return undefined;
      return path.startsWith('proc/') ? bytes.toString('utf8') : textOfBytes(path, bytes);
    },
    list: (path) => {
      const key = keyOf(path);
      const found = answers.lists.get(key);
      if (found === undefined) ask({ verb: 'list', path: key }, path);
      return (told(found, path) ?? []).map((name) => nameText(nameOf(name))).sort();
    },
    link: (path) => {
      const found = look(path);
      return found === undefined || found === 'other' ? undefined : textOfKey(found.target);
    },
    exists: (path) => look(path) !== undefined,
    content: ({ raw, path }, { maxContent }) => {
      const key = keyOf(raw);
      if (answers.closed.has(key)) throw new Unreadable(path, 'EACCES');
      const found = answers.contents.get(key);
      if (found === 'changed') throw neverStill(path);
      if (found === undefined) ask({ verb: 'single', path: key }, path);
      const content = told(found, path);
      if (content === undefined) return undefined;
      if (!Buffer.isBuffer(content)) return { digest: content };
      return content.length > maxContent ? digestOf(content) : contentOf(content);
    },
    run: async (command, args, manner) => {
      const words = [command, ...args];
      const found = answers.printed.get(wordsKey(words));
      if (found === undefined) ask({ verb: 'run', words }, command);
      if (found?.code === undefined) return undefined;
      return printedBy(command, { ...found, code: found.code === STOPPED ? null : found.code }, manner);
    },
  };
}

/** Undefined for what is absent, or not told and taken for absent. Throws Unreadable for a failure. */
function told<Value>(found: Value | 'absent' | Failure | undefined, path: string): Value | undefined {
  if (found === undefined || found === 'absent') return undefined;
  if (!isFailure(found)) return found as Value;
  if (found.code === 'ENOENT' || found.code === 'ENOTDIR') return undefined;
  throw unreadable(path, found);
}
