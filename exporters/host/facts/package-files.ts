/** Installed files that are not what their package brought, by dpkg's and rpm's own check. It reads every file of every package. */
import type { JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { asked, type Fact } from './fact.ts';

const DPKG = ['--verify'];
/** Times, modes and owners are told by the files themselves; without digests of dependencies and scripts. */
const RPM = ['--verify', '--all', '--nodeps', '--noscripts'];
/** Milliseconds. 96,062 files of 771 packages took 30 s on two busy processors. */
const TIMEOUT = 600_000;
/** rpm always, dpkg in some versions leaves with another code where something differs. */
const accepts = (_: number, printed: string): boolean => printed !== '';

export const packageFiles: Fact = {
  name: 'package-files',
  kind: 'host.package-file',
  title: 'packaged file',
  onRequest: true,
  read,
  ahead: `usual=$bounded
bounded=\${bounded:+timeout ${TIMEOUT / 1000}}
if [ -d /var/lib/dpkg/info ]; then ${asked('dpkg', DPKG)}; list etc/dpkg/dpkg.cfg.d; texts /etc/dpkg/dpkg.cfg.d/*; fi
if [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; then ${asked('rpm', RPM)}; fi
bounded=$usual`,
};

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!source.live) return undefined;
  const found: JsonObject = {};
  let checked = false;
  if (source.exists('var/lib/dpkg/info')) {
    const printed = await source.run('dpkg', DPKG, { timeout: TIMEOUT, accepts });
    if (printed === undefined) throw new Unreadable('dpkg', 'is not there to check its packages', 'invalid');
    Object.assign(found, verified(printed, 'dpkg', leftOut(source)));
    checked = true;
  }
  if (source.exists('var/lib/rpm') || source.exists('usr/lib/sysimage/rpm')) {
    const printed = await source.run('rpm', RPM, { timeout: TIMEOUT, accepts });
    if (printed !== undefined) {
      Object.assign(
        found,
        verified(printed, 'rpm', () => false),
      );
      checked = true;
    }
  }
  return checked ? found : undefined;
}

/** What each letter of a line says; the other places are what the files' metadata tell, or times. */
const MEANINGS: Readonly<Record<string, string>> = { S: 'size', '5': 'content', L: 'link target', P: 'capabilities', D: 'device' };

/**
 * dpkg(1) and rpm(8), VERIFY: `S.5....T.  c /etc/x`, `missing   c /etc/x`. A `?` of dpkg was not looked at, one of rpm could not be. A file of the
 * configuration is somebody's own to change and marked as such. Throws Unreadable.
 */
export function verified(printed: string, manager: string, isLeftOut: (path: string) => boolean): JsonObject {
  const found: [string, JsonObject][] = [];
  for (const line of printed.split('\n')) {
    if (/ \(Permission denied\)$/.test(line) || (manager === 'rpm' && /^[.SM5DLUGTP]*\?/.test(line)))
      throw new Unreadable(manager, 'EACCES');
    const [, flags = '', attribute = '', path = ''] =
      /^(missing|[.?SM5DLUGTP]{8,9})\s+(?:([cdglnr])\s+)?(\/.*?)(?: \([A-Z].*\))?$/.exec(line) ?? [];
    const differs = flags === 'missing' ? ['missing'] : [...flags].flatMap((flag) => MEANINGS[flag] ?? []).sort();
    if (path === '' || differs.length === 0 || (flags === 'missing' && (attribute === 'd' || isLeftOut(path)))) continue;
    found.push([path.slice(1), { differs, configuration: attribute === 'c', manager }]);
  }
  return Object.fromEntries(found);
}

/** What dpkg was told not to unpack (path-exclude, path-include: the last that matches counts) is missing for good. */
function leftOut(source: Source): (path: string) => boolean {
  const files = ['etc/dpkg/dpkg.cfg', ...source.list('etc/dpkg/dpkg.cfg.d').map((name) => `etc/dpkg/dpkg.cfg.d/${name}`)];
  const rules = files.flatMap((file) =>
    [...(source.read(file) ?? '').matchAll(/^\s*path-(exclude|include)[\s=]+(\S+)\s*$/gm)].map(([, how, glob = '']) => ({
      excludes: how === 'exclude',
      pattern: expression(glob),
    })),
  );
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.excludes === true;
}

/** Unlike a shell's, dpkg's wildcards match slashes too. */
function expression(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
