/** What is mounted where and with which options; of an image, what its fstab asks for. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { dataLines, type Fact } from './fact.ts';

export const mounts: Fact = {
  name: 'mounts',
  kind: 'host.mount',
  title: 'mount',
  read: (source) => {
    const fstab = source.read('etc/fstab');
    if (!source.live) return fstab === undefined ? undefined : documentOf(parseMounts(fstab));
    return documentOf(liveMounts(source));
  },
};

export interface Mount {
  readonly source: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Mounts that come and go with logins, containers and services' credentials. */
const PASSING =
  /^\/run\/(user\/|credentials\/|netns\/|docker\/netns|snapd\/ns)|^\/var\/lib\/(docker|containers|kubelet|containerd)\/|\/gvfs$|^\/proc\/sys\/fs\/binfmt_misc$/;

export function liveMounts(source: Source): Mount[] {
  return parseMounts(source.read('proc/self/mounts') ?? '').filter(({ mountpoint }) => !PASSING.test(mountpoint));
}

/** fstab(5) and /proc/self/mounts share their form: source, mount point, type, options. */
export function parseMounts(text: string): Mount[] {
  return dataLines(text).flatMap((line) => {
    const [source, mountpoint, type = 'auto', options = 'defaults'] = line.split(/\s+/).map(decode);
    if (source === undefined || mountpoint === undefined) return [];
    return [{ source, mountpoint, type, options: steady(options.split(','), type).sort() }];
  });
}

/** devtmpfs takes its size from the memory at boot: "size=12334460k,nr_inodes=3083615". */
function steady(options: readonly string[], type: string): string[] {
  return options.filter((option) => !(type === 'devtmpfs' && /^(size|nr_inodes)=/.test(option)));
}

/** Space, tab, newline and backslash are written in octal. */
function decode(field: string): string {
  return field.replaceAll(/\\(040|011|012|134)/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Of several mounts on one point the last covers the others. Swap has no point of its own. */
function documentOf(found: readonly Mount[]): JsonObject {
  return Object.fromEntries(
    found.map(({ source, mountpoint, type, options }) => [
      mountpoint === 'none' || mountpoint === 'swap' ? `${type} ${source}` : mountpoint,
      { source, type, options, readOnly: options.includes('ro') },
    ]),
  );
}
