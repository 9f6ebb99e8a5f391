/** The audit rules that make the kernel record who writes what we record; printed for people, never installed by us. */

/** In a file of this folder they last: augenrules(8). */
export const RULES_FILE = '/etc/audit/rules.d/drifttrail.rules';

/** `-w` as auditctl(8) has always had it; the second form says the same to those who forbid watches. */
export function recommendedRules(watch: readonly string[]): { readonly watches: string[]; readonly calls: string[] } {
  return {
    watches: watch.map((path) => `-w ${path} -p wa -k drifttrail`),
    calls: watch.flatMap((path) =>
      ['b64', 'b32'].map((arch) => `-a always,exit -F arch=${arch} -F dir=${path} -F perm=wa -F key=drifttrail`),
    ),
  };
}

/** Which of the paths no loaded rule watches for both writing and changes of mode and owner, by what `auditctl -l` prints. */
export function unwatched(listed: string, watch: readonly string[]): string[] {
  const watched = listed.split('\n').flatMap((rule) => watchedBy(rule) ?? []);
  return watch.filter((path) => !watched.some((folder) => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)));
}

function watchedBy(rule: string): string | undefined {
  if (/^-a (never,|[a-z]+,never)|-F (auid|uid|exe|success|pid|ppid)\b/.test(rule)) return undefined; // told of some only
  const path = /^-w (\S+)|-F (?:dir|path)=(\S+)/.exec(rule);
  const permissions = /-p (\w+)|-F perm=(\w+)/.exec(rule);
  const asked = permissions?.[1] ?? permissions?.[2] ?? 'rwxa';
  if (path === null || !asked.includes('w') || !asked.includes('a')) return undefined;
  const folder = path[1] ?? path[2] ?? '';
  return folder.length > 1 ? folder.replace(/\/$/, '') : folder;
}

export function remedyFor(paths: readonly string[]): string {
  const { watches } = recommendedRules(paths);
  return `put into ${RULES_FILE}: ${watches.map((rule) => `"${rule}"`).join(', ')}; then run: augenrules --load`;
}
