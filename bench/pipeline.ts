/** The product's own stages on data in memory: normalize → plan → diff → commit, each with its time. */
import { randomBytes } from 'node:crypto';
import aws from '../exporters/aws/index.ts';
import type { Resource } from '../src/model.ts';
import { type Memo, openMemo } from '../src/normalize/memo.ts';
import { changesOf } from '../src/pipeline/changes.ts';
import { createRedactor, type Redactor } from '../src/normalize/redact.ts';
import { contentsOf } from '../src/pipeline/contents.ts';
import { planSnapshot } from '../src/pipeline/plan.ts';
import { createLayout } from '../src/store/layout.ts';
import { commitMessage } from '../src/store/message.ts';
import { initStore, openStore, type Store } from '../src/store/store.ts';
import { realSurroundings } from '../src/surroundings.ts';
import { KIND, scopesOf } from './data.ts';

export interface Product {
  readonly store: Store;
  /** From resources to the commit, or to knowing that there is nothing to commit. */
  readonly snapshot: (resources: readonly Resource[]) => Promise<Stages>;
}

/** Milliseconds by stage. */
export interface Stages {
  readonly tree: number;
  readonly plan: number;
  readonly diff: number;
  readonly commit: number;
  readonly changes: number;
}

const layout = createLayout([aws]);
export const pathOf = layout.pathOf;

export async function createProduct(folder: string): Promise<Product> {
  const surroundings = realSurroundings(folder);
  await initStore(folder, surroundings);
  const store = await openStore(folder, surroundings);
  const key = randomBytes(32);
  const redactor = createRedactor(key);
  const memoFile = `${folder}-readings`; // beside the repository, as in state/
  // Opened for each snapshot, as by a command that is started for each: what a store or a memory holds is no head start.
  return {
    store,
    snapshot: async (resources) =>
      snapshot(await openStore(folder, surroundings), resources, {
        redactor,
        openMemo: () => openMemo({ file: memoFile, key, build: 'bench' }),
      }),
  };
}

interface Own {
  readonly redactor: Redactor;
  readonly openMemo: () => Memo;
}

async function snapshot(store: Store, resources: readonly Resource[], own: Own): Promise<Stages> {
  const start = performance.now();
  const parent = await store.tip();
  const tree = parent === null ? new Map<string, string>() : await store.tree(parent);
  const treeRead = performance.now();
  const memo = own.openMemo();
  const contents = contentsOf(resources, { kinds: aws.kinds, redactor: own.redactor, memo });
  const complete = scopesOf(resources).map((scope) => ({ scope, kind: KIND }));
  const ahead = store.ahead();
  const { writes, known, deletes } = await planSnapshot({ tree, layout, contents, complete, gaps: [], exporter: aws.name }, ahead);
  memo.save();
  const planned = performance.now();
  const changes = await changesOf({ writes, known, deletes }, tree, { layout, store });
  const compared = performance.now();
  const date = new Date().toISOString();
  const message = commitMessage({ changes, run: 'bench', window: { from: date, to: date }, gaps: [], kinds: aws.kinds });
  await store.commit({ parent, writes, deletes, message, date, ahead });
  const committed = performance.now();
  return {
    tree: treeRead - start,
    plan: planned - treeRead,
    diff: compared - planned,
    commit: committed - compared,
    changes: changes.length,
  };
}
