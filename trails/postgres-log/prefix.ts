/** log_line_prefix as a pattern that finds in a line what it was written with. */

export type Field =
  | 'application'
  | 'user'
  | 'database'
  | 'host'
  | 'process'
  | 'session'
  | 'line'
  | 'virtualTransaction'
  | 'time'
  | 'epoch'
  | 'state';

/** Per letter: what it stands for and how it looks. */
const LETTERS: Readonly<Record<string, { readonly field?: Field; readonly looks: string }>> = {
  a: { field: 'application', looks: '.*?' },
  u: { field: 'user', looks: '.*?' },
  d: { field: 'database', looks: '.*?' },
  r: { field: 'host', looks: '(?:\\[local\\]|\\S*?)(?:\\(\\d+\\))?' },
  h: { field: 'host', looks: '\\S*?' },
  b: { looks: '.*?' },
  p: { field: 'process', looks: '\\d+' },
  P: { looks: '\\d*' },
  t: { field: 'time', looks: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\S+?' },
  m: { field: 'time', looks: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ \\S+?' },
  n: { field: 'epoch', looks: '\\d+(?:\\.\\d+)?' },
  s: { looks: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\S+?' },
  i: { looks: '.*?' },
  e: { field: 'state', looks: '[0-9A-Z]{5}' },
  c: { field: 'session', looks: '[0-9a-f]+\\.[0-9a-f]+' },
  l: { field: 'line', looks: '\\d+' },
  v: { field: 'virtualTransaction', looks: '(?:\\d+/\\d+)?' },
  x: { looks: '\\d+' },
  Q: { looks: '-?\\d+' },
};
const SEVERITY =
  '(?<severity>DEBUG\\d?|INFO|NOTICE|WARNING|LOG|ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE):  (?<message>.*)';

/** Undefined where the prefix tells no time. A background process stops at %q. */
export function parsePrefix(prefix: string): { readonly session: RegExp; readonly process: RegExp } | undefined {
  const [before = '', after] = splitAtQuiet(prefix);
  const process = patternOf(before);
  const session = after === undefined ? process : patternOf(before + after);
  if (!/<(time|epoch)>/.test(session)) return undefined;
  return { session: new RegExp(`^${session}${SEVERITY}$`, 's'), process: new RegExp(`^${process}${SEVERITY}$`, 's') };
}

function splitAtQuiet(prefix: string): [string, string | undefined] {
  const at = /(?:^|[^%])(?:%%)*%q/.exec(prefix);
  if (at === null) return [prefix, undefined];
  const end = at.index + at[0].length;
  return [prefix.slice(0, end - 2), prefix.slice(end)];
}

function patternOf(prefix: string): string {
  const seen = new Set<Field>();
  return prefix.replaceAll(/%(-?\d*)([%a-zA-Z])|[\s\S]/g, (whole, padding: string | undefined, letter: string | undefined) => {
    if (letter === undefined) return whole.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&');
    if (letter === '%') return '%';
    const { field, looks } = LETTERS[letter] ?? { looks: '.*?' };
    const padded = padding === '' ? looks : ` *${looks} *`;
    if (field === undefined || seen.has(field)) return `(?:${padded})`;
    seen.add(field);
    return padding === '' ? `(?<${field}>${looks})` : ` *(?<${field}>${looks}) *`;
  });
}
