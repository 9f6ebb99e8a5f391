/** Paths as the host exporter names files: relative to its root, without a leading slash. */

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
