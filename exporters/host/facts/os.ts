/** Which system runs here, and whether it waits for a reboot. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import type { Fact } from './fact.ts';
import { dataLines } from './fact.ts';

export const os: Fact = { name: 'os', kind: 'host.os', title: 'operating system', collection: false, read };

function read(source: Source): JsonObject {
  const release = osRelease(source.read('etc/os-release') ?? source.read('usr/lib/os-release') ?? '');
  const timezone = source.link('etc/localtime')?.replace(/^.*\/zoneinfo\//, '');
  return {
    release,
    ...(timezone === undefined ? {} : { timezone }),
    ...(source.live ? running(source) : {}),
  };
}

function running(source: Source): JsonObject {
  const trimmed = (path: string) => source.read(path)?.trim();
  const release = trimmed('proc/sys/kernel/osrelease') ?? 'unknown';
  const newer = newerKernel(release, source.list('lib/modules'));
  const commandLine = trimmed('proc/cmdline');
  // Debian and Ubuntu: the packages that ask for it write this file; Red Hat's needs-restarting has none.
  const wanting = source.read('run/reboot-required.pkgs');
  return {
    kernel: { release, version: trimmed('proc/sys/kernel/version') ?? 'unknown' },
    ...(newer === undefined ? {} : { newerKernelInstalled: newer }),
    ...(commandLine === undefined ? {} : { kernelCommandLine: commandLine }),
    rebootRequired: source.exists('run/reboot-required'),
    ...(wanting === undefined ? {} : { rebootRequiredBy: [...new Set(dataLines(wanting))].sort() }),
  };
}

/** Of the kernels whose modules are installed the newest of the running one's flavour, if it is newer than that. */
export function newerKernel(running: string, installed: readonly string[]): string | undefined {
  // In a container, or after its package is gone, the running kernel is none of them.
  if (!installed.includes(running)) return undefined;
  const flavour = (release: string) => release.replace(/^[\d.]+-?[\d.]*/, '');
  const same = installed.filter((release) => flavour(release) === flavour(running));
  const newest = same.reduce((best, release) => (BY_NUMBER.compare(release, best) > 0 ? release : best), running);
  return newest === running ? undefined : newest;
}

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

/** os-release(5): shell assignments; only the fields that say which system it is. */
function osRelease(text: string): JsonObject {
  const wanted = new Set(['ID', 'NAME', 'VERSION', 'VERSION_ID', 'VERSION_CODENAME', 'PRETTY_NAME', 'BUILD_ID', 'VARIANT_ID', 'ID_LIKE']);
  return Object.fromEntries(
    dataLines(text).flatMap((line) => {
      const [, key = '', value = ''] = /^([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
      return wanted.has(key) ? [[key.toLowerCase(), value.replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\\(["$`\\])/g, '$1')]] : [];
    }),
  );
}
