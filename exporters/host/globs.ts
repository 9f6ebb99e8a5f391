/** Globs over paths relative to the root: `*` and `?` within a name, `**` across names; a folder means all below it. */

export interface Selection {
  /** Where walking starts: the part of each include before its first wildcard, without those inside another. */
  readonly bases: readonly string[];
  /** Whether this file, link or folder itself is in the set. */
  readonly selects: (path: string) => boolean;
  /** Whether nothing below this folder can be in the set. */
  readonly excludes: (path: string) => boolean;
}

export function createSelection(include: readonly string[], exclude: readonly string[]): Selection {
  const wanted = include.map(clean);
  const unwanted = exclude.map(clean).map(expression);
  const included = wanted.map(expression);
  const excludes = (path: string) => unwanted.some((glob) => glob.test(path));
  return {
    bases: outermost(wanted.map(baseOf)),
    selects: (path) => included.some((glob) => glob.test(path)) && !excludes(path),
    excludes,
  };
}

/** `/etc/` and `./etc` mean `etc`. */
export function clean(glob: string): string {
  return glob.replace(/^(\.?\/+)+/, '').replace(/\/+$/, '');
}

function baseOf(glob: string): string {
  const segments = glob.split('/');
  const wild = segments.findIndex((segment) => /[*?]/.test(segment));
  return (wild < 0 ? segments : segments.slice(0, wild)).join('/');
}

function outermost(bases: readonly string[]): string[] {
  const sorted = [...new Set(bases)].sort();
  return sorted.filter((base) => !sorted.some((other) => other !== base && (other === '' || base.startsWith(`${other}/`))));
}

function expression(glob: string): RegExp {
  let source = '';
  for (let index = 0; index < glob.length; index++) {
    const rest = glob.slice(index);
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?';
      index += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      index += 1;
    } else if (rest.startsWith('*')) source += '[^/]*';
    else if (rest.startsWith('?')) source += '[^/]';
    else source += (glob[index] ?? '').replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
  // `[` and `{` have no special meaning: such names exist and globs of them are rarely needed.
  return new RegExp(source === '' ? '' : `^${source}(?:/.*)?$`, 's');
}
