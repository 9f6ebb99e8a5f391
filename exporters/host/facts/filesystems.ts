/** How full each local file system is, in steps. */
import type { JsonObject } from 'drifttrail';
import { isAbsent, unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import type { Fact } from './fact.ts';
import { liveMounts } from './mounts.ts';
import { reached } from './steps.ts';

/** Local types only: asking a network file system whose server is gone never returns. squashfs and iso9660 are always full. */
const LOCAL = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'bcachefs',
  'vfat',
  'exfat',
  'ntfs3',
  'tmpfs',
  'overlay',
  'ubifs',
]);

const ahead = `while read -r device point type rest; do
  case $type in ${[...LOCAL].join('|')})
    case $point in *\\\\*) point=$(printf %b "$point") ;; esac
    fill "\${point#/}" ;;
  esac
done </proc/self/mounts`;

export const filesystems: Fact = { name: 'filesystems', kind: 'host.filesystem', title: 'file system', read, ahead };

const STEPS = [95, 90, 80];

function read(source: Source): JsonObject | undefined {
  if (!source.live) return undefined;
  const entries = new Map<string, JsonObject>();
  for (const { mountpoint, type, options } of liveMounts(source)) {
    if (!LOCAL.has(type)) {
      entries.delete(mountpoint); // covers what was mounted there before
      continue;
    }
    try {
      const { blocks, bfree, bavail, files, ffree } = source.fs.statfsSync(mountpoint);
      if (blocks === 0) continue;
      // As df counts: what root keeps in reserve is neither used nor available.
      const used = blocks - bfree;
      entries.set(mountpoint, {
        type,
        full: stepOf(used, used + bavail),
        inodesFull: files === 0 ? stepOf(0, 1) : stepOf(files - ffree, files),
        readOnly: options.includes('ro'),
      });
    } catch (error) {
      // Mount points below another user's folder are that user's business; those of gone mounts are gone.
      if (!isAbsent(error) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw unreadable(mountpoint, error);
    }
  }
  return Object.fromEntries(entries);
}

/** Percent: 0 (below 80), 80, 90 or 95; each means "at least". */
export function stepOf(used: number, total: number): number {
  return reached(total === 0 ? 0 : (100 * used) / total, STEPS);
}
