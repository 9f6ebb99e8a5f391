/** All objects of one kind, page by page: whole, or an error and nothing. */
import { isObject, type JsonObject } from 'drifttrail';
import { type Api, ApiError } from './api.ts';
import type { ApiResource } from './discovery.ts';
import { listAt, textAt } from './names.ts';

/** Names, labels and owners without the objects themselves. */
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const MOST_PAGES = 100_000;

export interface ListOptions {
  readonly namespace?: string;
  /** Objects of one page. */
  readonly page: number;
  readonly metadataOnly?: boolean;
}

/** A list that expires while it is read (410) is begun once more. @throws {ApiError} */
export async function listAll(api: Api, resource: ApiResource, options: ListOptions): Promise<JsonObject[]> {
  try {
    return await readPages(api, resource, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 410) throw error;
    return readPages(api, resource, options);
  }
}

async function readPages(api: Api, resource: ApiResource, { namespace, page, metadataOnly }: ListOptions): Promise<JsonObject[]> {
  const path = pathOf(resource, namespace);
  const found: JsonObject[] = [];
  const seen = new Set<string>();
  let next = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = `limit=${page}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
    const answer = await api.get(`${path}?${query}`, metadataOnly === true ? METADATA : undefined);
    if (metadataOnly === true && answer.kind !== 'PartialObjectMetadataList')
      throw new ApiError('invalid', 200, `${path}: asked for metadata alone, the server sent ${String(answer.kind)}; set secrets: never`);
    if (!Array.isArray(answer.items)) throw new ApiError('invalid', 200, `${path}: the answer has no items`);
    for (const item of listAt(answer, 'items')) {
      if (!isObject(item)) throw new ApiError('invalid', 200, `${path}: an item is no object`);
      found.push({ ...item, apiVersion: versionOf(resource), kind: resource.kind });
    }
    next = textAt(answer, 'metadata', 'continue');
    if (next === '') return found;
    if (seen.has(next)) throw new ApiError('truncated', 200, `${path}: the server gave the same page again`);
    seen.add(next);
  }
  throw new ApiError('truncated', 200, `${path}: more than ${MOST_PAGES} pages`);
}

type PathParts = Pick<ApiResource, 'group' | 'version' | 'plural'>;

export function versionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Of all objects of a kind, or of those in one namespace. */
export function pathOf(resource: PathParts, namespace: string | undefined): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${versionOf(resource)}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource.plural}`;
}
