/** What a side holds: its resources as they stood in one commit, and what of it could not be read then. */
import type { Deployment } from '../deployment.ts';
import type { Gap, Json, Ref } from '../model.ts';
import { parse } from '../normalize/normalize.ts';
import { gapsAt } from '../pipeline/report.ts';
import type { SideName } from './side.ts';

export interface Document {
  readonly ref: Ref;
  readonly path: string;
  readonly config: Json;
}

export interface Side extends SideName {
  /** Of the commit, UTC. */
  readonly time: string;
  readonly documents: readonly Document[];
  readonly gaps: readonly Gap[];
}

const BATCH = 500;

/** Undefined when the scope was not recorded yet in that commit. */
export async function loadSide(
  name: SideName,
  commit: { readonly sha: string; readonly date: string },
  deployment: Deployment,
): Promise<Side | undefined> {
  const { store, layout } = deployment;
  const files = [...(await store.tree(commit.sha))].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    return ref !== undefined && isWithin(ref.scope, name.scope) ? [{ path, ref, blob }] : [];
  });
  if (files.length === 0) return undefined;
  const documents: Document[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const blobs = await store.read(new Set(batch.map(({ blob }) => blob)));
    for (const { path, ref, blob } of batch) {
      const bytes = blobs.get(blob);
      if (bytes !== undefined) documents.push({ path, ref, config: configOf(bytes, ref.kind, deployment) });
    }
  }
  const gaps = (await gapsAt(deployment, commit.sha)).filter(({ scope }) => isWithin(scope, name.scope) || isWithin(name.scope, scope));
  return { ...name, time: commit.date, documents, gaps };
}

export function isWithin(scope: string, outer: string): boolean {
  return scope === outer || scope.startsWith(`${outer}/`);
}

/** A file that somebody edited by hand into something its kind cannot be is compared as text. */
export function configOf(bytes: Uint8Array, kind: string, { layout }: Pick<Deployment, 'layout'>): Json {
  const format = layout.kindOf(kind) ?? { format: 'text' as const };
  try {
    return parse(bytes, format);
  } catch {
    return parse(bytes, { format: 'text' });
  }
}
