/** What a host is asked, as the shell program that is sent to it. */
import { readFileSync } from 'node:fs';
import { inQuotes } from '../../_shell/words.ts';
import type { Limits } from '../read-file.ts';
import { bytesOf } from './path-key.ts';

/** A question; paths are keys (path-key.ts). */
export type Want =
  | { readonly verb: 'text' | 'list' | 'look' | 'fill' | 'single'; readonly path: string }
  | { readonly verb: 'run'; readonly words: readonly string[] };

export interface Request {
  /** Ends contents in the answer: 128 random bits that no file can contain by design. */
  readonly mark: string;
  readonly limits: Limits;
  /** Lines of the program: see `line`, selection.ts, and `ahead` of a fact. */
  readonly lines: readonly string[];
}

/** As many bytes of one text are sent, and one more to tell that there are more. */
export const MAX_TEXT = 128 * 1024 * 1024;

export function line(want: Want): string {
  if (want.verb === 'run') return ['run', ...want.words.map((word) => inQuotes(bytesOf(word).toString('latin1')))].join(' ');
  return `${want.verb} ${inQuotes(want.verb === 'single' ? `/${want.path}` : want.path)}`;
}

/**
 * The whole is one function, called at the end: a program cut short on its way runs nothing, and its children read
 * /dev/null instead of what is left of it. Where there is a login shell that prints, the answer begins at the first mark.
 */
export function programOf({ mark, limits, lines }: Request): Buffer {
  const program = `drifttrail() {
PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C SYSTEMD_COLORS=0
braces='{}' mark=${mark} max_content=${limits.maxContent} max_hash=${limits.maxHash} max_text=${MAX_TEXT + 1}
library=${inQuotes(collector())}
export PATH LC_ALL SYSTEMD_COLORS mark max_content max_hash max_text library
eval "$library"
exec 3>&1
cd / || return
bounded= gnu=
if timeout 30 true 2>/dev/null; then bounded='timeout 30'; fi
if find / -maxdepth 0 -printf '' 2>/dev/null && tar --version 2>/dev/null | grep -q GNU; then gnu=1; fi
mark
${lines.join('\n')}
field "z$mark"
}
drifttrail </dev/null
`;
  return Buffer.from(program, 'latin1');
}

function collector(): string {
  const text = readFileSync(new URL('./collector.sh', import.meta.url), 'latin1');
  return text.replaceAll(/^#.*\n|^\n/gm, '');
}
