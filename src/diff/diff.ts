/** From two trees of a snapshots repository to the resources that changed between them. */
import type { Change, Json, Kind, Ref } from '../model.ts';
import { isObject } from '../pointer.ts';
import { diffFiles, type FileDifference } from './documents.ts';
import { fileNameOf } from './document.ts';
import { diffJson } from './json.ts';
import { orderEdits } from './order.ts';

export interface DiffInput {
  /** Path → blob id. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Undefined for files that are no resources, such as coverage. */
  readonly refOf: (path: string) => Ref | undefined;
  /** Undefined for kinds whose exporter is gone: the file's extension decides. */
  readonly kindOf: (kind: string) => Kind | undefined;
  /** What files of `after` are, and new ones mean, where that is known already: then a new one is neither read nor parsed. */
  readonly known?: ReadonlyMap<string, { readonly ref: Ref; readonly config: Json }>;
  /** Changes that are asked for; all by default. Others are not read. */
  readonly wanted?: (ref: Ref) => boolean;
  readonly parse: (bytes: Uint8Array, kind: Pick<Kind, 'format' | 'lists'>) => Json;
  readonly nameOf?: (ref: Ref, config: Json) => string | undefined;
}

/** Blobs in memory at once. */
const BATCH = 500;

interface File {
  readonly path: string;
  readonly ref: Ref;
  /** Blob ids. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly known: Json | undefined;
}

/** Changes in order of path. A file whose bytes differ but whose data does not is no change. */
export async function diffTrees(input: DiffInput): Promise<Change[]> {
  const changes: Change[] = [];
  const files = changedFiles(input);
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const ids = batch.flatMap(({ before, after, known }) => [before, known === undefined ? after : undefined]);
    const blobs = await input.read([...new Set(ids)].filter((id) => id !== undefined));
    for (const file of batch) {
      const change = changeOf(file, input, blobs);
      if (change !== undefined) changes.push(change);
    }
  }
  return changes;
}

function changedFiles({ before, after, refOf, wanted, known }: DiffInput): File[] {
  return changedPaths(before, after).flatMap((path) => {
    const there = known?.get(path);
    const ref = there?.ref ?? refOf(path);
    if (ref === undefined || wanted?.(ref) === false) return [];
    const old = before.get(path);
    return [{ path, ref, before: old, after: after.get(path), known: old === undefined ? there?.config : undefined }];
  });
}

function changedPaths(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths: string[] = [];
  for (const [path, id] of after) if (before.get(path) !== id) paths.push(path);
  for (const path of before.keys()) if (!after.has(path)) paths.push(path);
  return paths.sort();
}

function changeOf({ path, ref, ...file }: File, input: DiffInput, blobs: ReadonlyMap<string, Uint8Array>): Change | undefined {
  const kind: Pick<Kind, 'format' | 'lists' | 'location'> = input.kindOf(ref.kind) ?? { format: formatOf(path) };
  const side = (id: string | undefined): Json | undefined => {
    const bytes = blobs.get(id ?? '');
    return bytes === undefined ? undefined : configOf(bytes, kind, input.parse);
  };
  const [before, after] = [side(file.before), file.known ?? side(file.after)];
  const difference = differenceOf(fileNameOf(ref, path, kind), before, after, kind);
  if (difference.edits.length === 0) return undefined;
  const name = (input.nameOf ?? nameOf)(ref, after ?? before ?? null);
  return {
    type: before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified',
    ref,
    path,
    ...(name === undefined ? {} : { name }),
    ...difference,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function differenceOf(path: string, before: Json | undefined, after: Json | undefined, { lists }: Pick<Kind, 'lists'>): FileDifference {
  if (before === undefined && after === undefined) return { edits: [] };
  if (before === undefined || after === undefined) return { edits: [{ path: '', before: before ?? null, after: after ?? null }] };
  if (typeof before === 'string' && typeof after === 'string') return diffFiles(path, before, after);
  const edits = diffJson(before, after);
  return { edits: edits.length === 0 ? orderEdits(before, after, lists) : edits };
}

/** A file that somebody edited by hand into something its kind cannot be is still shown: as text. */
function configOf(bytes: Uint8Array, kind: Pick<Kind, 'format' | 'lists'>, parse: DiffInput['parse']): Json {
  if (kind.format === 'text') return parse(bytes, kind);
  try {
    return parse(bytes, kind);
  } catch {
    return parse(bytes, { format: 'text' });
  }
}

function formatOf(path: string): Kind['format'] {
  return path.endsWith('.json') ? 'json' : path.endsWith('.yaml') ? 'yaml' : 'text';
}

/** What people call a resource: its Name tag, else the name that its own document states. */
export function nameOf(ref: Ref, config: Json): string | undefined {
  if (!isObject(config)) return undefined;
  const tags = isObject(config.tags) ? config.tags.Name : undefined;
  const candidates = [tags, config.groupName, config.name, isObject(config.metadata) ? config.metadata.name : undefined];
  return candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '' && candidate !== ref.id);
}
