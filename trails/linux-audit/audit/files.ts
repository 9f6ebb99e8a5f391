/** What a system call did to which files, from its PATH records. */
import type { JsonObject } from 'drifttrail';
import { relative } from '../../../exporters/host/events/paths.ts';
import type { Names } from '../names.ts';
import type { AuditRecord } from './record.ts';
import { type FileCall, fileCall, opensToWrite } from './syscalls.ts';

type FileChange = 'created' | 'deleted' | 'replaced' | 'written' | 'mode' | 'owner' | 'attributes';

export interface FileAct {
  /** Relative to the root, without leading slash. */
  readonly path: string;
  readonly change: FileChange;
  readonly type: string;
  /** Where it was before a rename. */
  readonly from?: string;
  readonly mode?: string;
  /** Numbers; absent when the call left it. */
  readonly owner?: number;
  readonly group?: number;
}

/** Where the names of files are known from when a call names only an open file: `<device>:<inode>` → path. */
export type Inodes = ReadonlyMap<string, string>;

const TYPES: Readonly<Record<string, string>> = {
  '01': 'fifo', '02': 'character-device', '04': 'directory', '06': 'block-device', '10': 'file', '12': 'symlink', '14': 'socket',
}; // biome-ignore format: a table
const UNCHANGED = 0xffffffff;

interface Place {
  readonly path: string;
  readonly inode: string;
  readonly nametype: string;
  readonly type: string;
}

/** Nothing for a call that failed, only read, or touched nothing under the root. */
export function fileActs(records: readonly AuditRecord[], root: string, inodes: Inodes): { acts: FileAct[]; seen: [string, string][] } {
  const call = records.find(({ type }) => type === 'SYSCALL');
  if (call === undefined) return { acts: [], seen: [] };
  const { fields, names } = call;
  const kind = fileCall(fields.arch ?? '', fields.syscall ?? '', names.SYSCALL);
  const cwd = records.find(({ type }) => type === 'CWD')?.fields.cwd ?? '/';
  const places = records.filter(({ type }) => type === 'PATH').flatMap((record) => placeOf(record, cwd, root, inodes) ?? []);
  const seen = places.filter(({ nametype }) => nametype !== 'DELETE').map(({ inode, path }): [string, string] => [inode, path]);
  if (kind === undefined) return { acts: [], seen };
  return { acts: [...byPath(places)].flatMap(([path, same]) => actOn(path, same, places, kind, records, fields) ?? []), seen };
}

function placeOf({ fields }: AuditRecord, cwd: string, root: string, inodes: Inodes): Place | undefined {
  const inode = `${fields.dev ?? ''}:${fields.inode ?? ''}`;
  const nametype = fields.nametype ?? 'NORMAL';
  if (nametype === 'PARENT' || nametype === 'UNKNOWN') return undefined;
  const path = fields.name === undefined ? inodes.get(inode) : relative(fields.name, cwd, root);
  return path === undefined || path === '' ? undefined : { path, inode, nametype, type: typeOf(fields.mode) };
}

/** `0100644`: six or seven octal digits, of which the last four are permissions. */
function typeOf(mode: string | undefined): string {
  return TYPES[(mode ?? '').slice(0, -4).slice(-2).padStart(2, '0')] ?? 'file';
}

function byPath(places: readonly Place[]): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const place of places) found.set(place.path, [...(found.get(place.path) ?? []), place]);
  return found;
}

function actOn(
  path: string,
  same: readonly Place[],
  all: readonly Place[],
  kind: FileCall,
  records: readonly AuditRecord[],
  fields: AuditRecord['fields'],
): FileAct | undefined {
  const types = new Set(same.map(({ nametype }) => nametype));
  const created = same.find(({ nametype }) => nametype === 'CREATE');
  const type = (created ?? same[0])?.type ?? 'file';
  if (created !== undefined) {
    const from = all.find(({ nametype, inode, path: other }) => nametype === 'DELETE' && inode === created.inode && other !== path)?.path;
    return { path, type, change: types.has('DELETE') ? 'replaced' : 'created', ...(from === undefined ? {} : { from }) };
  }
  if (types.has('DELETE')) return { path, type, change: 'deleted' };
  const argument = (offset = 0) => Number.parseInt(fields[`a${(kind.argument ?? 0) + offset}`] ?? '', 16);
  if (kind.does === 'open') return writes(kind, argument(), records) ? { path, type, change: 'written' } : undefined;
  if (kind.does === 'write') return { path, type, change: 'written' };
  if (kind.does === 'attributes') return { path, type, change: 'attributes' };
  if (kind.does === 'mode') return { path, type, change: 'mode', mode: (argument() & 0o7777).toString(8).padStart(4, '0') };
  if (kind.does !== 'owner') return undefined;
  const [owner, group] = [argument() >>> 0, argument(1) >>> 0];
  return { path, type, change: 'owner', ...(owner === UNCHANGED ? {} : { owner }), ...(group === UNCHANGED ? {} : { group }) };
}

function writes(kind: FileCall, flags: number, records: readonly AuditRecord[]): boolean {
  if (kind.name === 'creat') return true;
  if (kind.name !== 'openat2') return opensToWrite(flags);
  const how = records.find(({ type }) => type === 'OPENAT2')?.fields.oflag;
  return how === undefined || opensToWrite(how.startsWith('0x') ? Number(how) : Number.parseInt(how, 8));
}

/** As it stands in an event. */
export function asJson(act: FileAct, names: Names): JsonObject {
  const { owner, group, ...rest } = act;
  return {
    ...rest,
    ...(owner === undefined ? {} : { owner: names.user(owner) }),
    ...(group === undefined ? {} : { group: names.group(group) }),
  };
}
