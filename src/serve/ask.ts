/** What every page and every answer of the API is made from: the deployment as this request may use it, and the index. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { setAside } from '../pipeline/aside.ts';
import { type CommitNote, decodeNote } from '../pipeline/notes.ts';
import { type Ack, ACKS } from '../store/acks.ts';
import type { FindingsIndex } from './findings-index.ts';
import type { Row } from './row.ts';
import type { Titles } from './scan.ts';

export interface Ask {
  /** Its store's children end when whoever asked has gone, or the time is up. */
  readonly deployment: Deployment;
  readonly index: FindingsIndex;
  readonly titles: Titles;
  readonly now: Date;
  /** Goes into each form; see `Access`. */
  readonly formMark: string;
  /** What is remembered between requests. */
  readonly memory: Memory;
}

/** Of what changes with a commit or a ref only, the last answer. */
export interface Memory {
  readonly recall: <Value>(name: string, state: string | null, make: () => Promise<Value>) => Promise<Value>;
}

export function createMemory(): Memory {
  const known = new Map<string, { readonly state: string | null; readonly value: unknown }>();
  return {
    recall: async <Value>(name: string, state: string | null, make: () => Promise<Value>) => {
      const found = known.get(name);
      if (found !== undefined && found.state === state) return found.value as Value;
      const value = await make();
      known.set(name, { state, value });
      return value;
    },
  };
}

/** Milliseconds that a request waits for the history to be read before it says that this takes a while. */
const PATIENCE = 2000;

/** @throws {DrifttrailError} `loading` */
export async function requireSince({ index }: Ask, from = ''): Promise<void> {
  if (await index.reaches(from, PATIENCE)) return;
  throw new DrifttrailError({
    code: 'loading',
    message: `the history is being read for the first time: ${index.table().entries.length} commits so far`,
    remedy: 'this page comes by itself in a moment',
    exitCode: 75,
  });
}

/** Marked as put back where they were, and as set aside where a rule or somebody says so now. */
export async function withMarks(ask: Ask, rows: readonly Row[]): Promise<Row[]> {
  const table = ask.index.table();
  return setAside(
    ask.deployment,
    rows.map((row) => table.marked(row)),
    ({ places }) => places,
    rows.length === 0 ? [] : await acksOf(ask),
  );
}

async function acksOf({ deployment: { store }, memory }: Ask): Promise<readonly Ack[]> {
  return memory.recall('acks', await store.ref(ACKS), () => store.readAcks());
}

/** The findings themselves, from the notes, marked as the rows are. */
export async function fullFindings({ deployment, index, memory }: Ask, rows: readonly Row[]): Promise<Finding[]> {
  const table = index.table();
  const blobOf = (row: Row) => table.entry(row.commit)?.blob;
  const blobs = [...new Set(rows.flatMap((row) => blobOf(row) ?? []))];
  const [only] = blobs;
  // The note of a commit with thousands of findings is read once for all of its pages.
  const notes =
    blobs.length === 1 && only !== undefined
      ? await memory.recall('note', only, () => notesOf(deployment, blobs))
      : await notesOf(deployment, blobs);
  return rows.flatMap((row) => {
    const finding = notes.get(blobOf(row) ?? '')?.findings.find(({ id }) => id === row.id);
    if (finding === undefined) return [];
    const { undo, ...rest } = finding;
    return [
      {
        ...rest,
        // What is undone already must not be undone once more.
        ...(undo === undefined || row.undone !== undefined ? {} : { undo }),
        ...(row.undone === undefined ? {} : { undone: row.undone }),
        ...(row.ignored === undefined ? {} : { ignored: row.ignored }),
      },
    ];
  });
}

async function notesOf({ store }: Deployment, blobs: readonly string[]): Promise<ReadonlyMap<string, CommitNote | undefined>> {
  const texts = await store.read(blobs);
  return new Map([...texts].map(([blob, bytes]) => [blob, decodeNote(Buffer.from(bytes).toString('utf8'))]));
}
