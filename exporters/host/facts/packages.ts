/** Installed packages of dpkg, rpm and apk. */
import type { JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { asked, type Fact, keyed } from './fact.ts';

const QUERY = ['-qa', '--queryformat', '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\n'];
const RPM_FOLDERS = ['usr/lib/sysimage/rpm', 'var/lib/rpm'];

const ahead = [
  'texts /var/lib/dpkg/status.d/*',
  ...RPM_FOLDERS.map((folder) => `if [ -d /${folder} ]; then ${asked('rpm', ['--dbpath', `/${folder}`, ...QUERY])}; fi`),
].join('\n');

export const packages: Fact = { name: 'packages', kind: 'host.package', title: 'package', read, ahead };

type Entry = readonly [string, JsonObject];

async function read(source: Source): Promise<JsonObject | undefined> {
  const dpkg = [
    source.read('var/lib/dpkg/status'),
    ...source
      .list('var/lib/dpkg/status.d')
      .filter((name) => !name.endsWith('.md5sums'))
      .map((name) => source.read(`var/lib/dpkg/status.d/${name}`)),
  ];
  const apk = source.read('lib/apk/db/installed') ?? source.read('usr/lib/apk/db/installed');
  const status = dpkg.filter((text) => text !== undefined).join('\n\n');
  const rpm = await rpmList(source);
  if (status === '' && apk === undefined && rpm === undefined) return undefined;
  return keyed([...dpkgPackages(status), ...apkPackages(apk ?? ''), ...rpmPackages(rpm ?? '')]);
}

/** Foreign architectures are told apart as dpkg does: `libc6` and `libc6:i386`. dpkg's own architecture is the native one. */
export function dpkgPackages(status: string): Entry[] {
  const stanzas = status
    .split(/\n\n+/)
    .map(fields)
    .filter((stanza) => stanza.has('Package'));
  const native = stanzas.find((stanza) => stanza.get('Package') === 'dpkg')?.get('Architecture');
  return stanzas
    .filter((stanza) => !/ not-installed$/.test(stanza.get('Status') ?? ''))
    .map((stanza) => {
      const architecture = stanza.get('Architecture') ?? 'all';
      const own = native === undefined || architecture === 'all' || architecture === native;
      const key = `${stanza.get('Package')}${own ? '' : `:${architecture}`}`;
      return [
        key,
        { version: stanza.get('Version') ?? '', architecture, status: stanza.get('Status') ?? 'install ok installed', manager: 'dpkg' },
      ];
    });
}

function fields(stanza: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', value = ''] of stanza.matchAll(/^(Package|Version|Architecture|Status): *(.*)$/gm)) found.set(key, value.trim());
  return found;
}

export function apkPackages(installed: string): Entry[] {
  return installed.split(/\n\n+/).flatMap((stanza): Entry[] => {
    const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(stanza)?.[1]?.trim();
    const name = field('P');
    if (name === undefined) return [];
    return [[name, { version: field('V') ?? '', architecture: field('A') ?? '', status: 'installed', manager: 'apk' }]];
  });
}

const RPM_FILES = ['rpmdb.sqlite', 'Packages.db', 'Packages'];

/** The rpm database is sqlite, ndb or Berkeley DB: rpm itself reads it, of an image as well as of this machine. */
async function rpmList(source: Source): Promise<string | undefined> {
  const folder = RPM_FOLDERS.find((each) => RPM_FILES.some((file) => source.exists(`${each}/${file}`)));
  if (folder === undefined) return undefined;
  const path = `${source.root === '/' ? '' : source.root}/${folder}`;
  const printed = await source.run('rpm', ['--dbpath', path, ...QUERY]);
  if (printed === undefined)
    throw new Unreadable(path, 'there is an rpm database but no rpm to read it; install rpm on this machine', 'invalid');
  return printed;
}

/** Several versions of a kernel or a key stand side by side: those are keyed with their version, always. */
const SIDE_BY_SIDE = /^(kernel($|-)|gpg-pubkey$|installonlypkg)/;

export function rpmPackages(printed: string): Entry[] {
  return printed
    .split('\n')
    .sort()
    .flatMap((line): Entry[] => {
      const [name = '', epoch = '0', version = '', architecture = ''] = line.split('\t');
      if (name === '') return [];
      const full = epoch === '0' ? version : `${epoch}:${version}`;
      return [[SIDE_BY_SIDE.test(name) ? `${name}-${full}` : name, { version: full, architecture, status: 'installed', manager: 'rpm' }]];
    });
}
