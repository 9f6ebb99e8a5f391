/** The conformance suite that every exporter, ours or not, runs: one call makes its tests. See CONTRIBUTING.md. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collect } from './collect/collect.ts';
import { type Change, type Exporter, type Kind, kindNamed, type Resource, type Snapshot, type Surroundings } from './model.ts';
import { normalize } from './normalize/normalize.ts';
import { createRedactor } from './normalize/redact.ts';
import { createLayout } from './store/layout.ts';
import { realSurroundings } from './surroundings.ts';
import { permuted, problemsOf } from './testing/checks.ts';

/** The parts of a test runner that are used; vitest's fit as they are. */
export interface TestKit {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  // biome-ignore lint/suspicious/noExplicitAny: the matchers of vitest, jest and others have no type in common
  readonly expect: (actual: unknown) => any;
}

/**
 * A fixture folder. `calls/` is a recording, `expected/` the files it must become (the tree of a snapshots repository),
 * `quiet/` (optional) a second recording that must change nothing, `secrets.json` (optional) `{ absent: […], present: […] }`:
 * texts that must and must not be missing from what is written.
 */
export interface ConformanceCase {
  readonly name: string;
  readonly folder: URL;
  /** The exporter's options that make it read a recording instead of the real system. */
  readonly options: (recording: string) => unknown;
  /** Surroundings that do so, where options cannot: a `spawn` or `fetch` that plays the recording. */
  readonly surroundings?: (recording: string) => Partial<Surroundings>;
  /** Gaps that the recording contains on purpose, as `<scope> <kind> <reason>`; `-` for no kind. Default: none. */
  readonly gaps?: readonly string[];
}

/** Redaction is keyed; a fixture's key is public and the same everywhere. */
const KEY = new Uint8Array(32).fill(7);
const PERMUTATIONS = 10;

/**
 * Makes the tests of an exporter. With `DRIFTTRAIL_UPDATE_FIXTURES=1` in the environment `expected/` is written anew
 * instead of compared: read the difference before you commit it.
 */
export function conformance<Options>(exporter: Exporter<Options>, cases: readonly ConformanceCase[], kit: TestKit): void {
  const { describe, it, expect } = kit;
  describe(`exporter ${exporter.name}`, () => {
    it('declares its kinds, patterns and permissions well', async () => {
      expect(problemsOf(exporter as Exporter)).toEqual([]);
    });
    for (const one of cases) {
      describe(one.name, () => caseTests(configured(exporter, one), one, kit));
    }
  });
}

/** With the kinds that the options of a case describe. */
function configured<Options>(exporter: Exporter<Options>, one: ConformanceCase): Exporter<Options> {
  const own = exporter.kindsOf?.(exporter.options.parse(one.options('calls')));
  return own === undefined ? exporter : { ...exporter, kinds: { ...exporter.kinds, ...own } };
}

function caseTests<Options>(exporter: Exporter<Options>, one: ConformanceCase, { it, expect }: TestKit): void {
  const folder = fileURLToPath(one.folder);
  const expected = join(folder, 'expected');
  const replay = (recording: string) => play(exporter, one, join(folder, recording));

  it('declares the kinds of its options well', async () => {
    expect(problemsOf(exporter as Exporter)).toEqual([]);
  });

  it('judges every kind it yields', async () => {
    const snapshot = await replay('calls');
    const gaps = snapshot.gaps.map(({ scope, kind, reason }) => `${scope} ${kind ?? '-'} ${reason}`);
    expect(gaps.sort()).toEqual([...(one.gaps ?? [])].sort());
    const { root, depth } = exporter.scopes;
    const strangers = snapshot.resources.filter(({ ref }) => {
      const segments = ref.scope.split('/');
      return kindNamed(exporter.kinds, ref.kind) === undefined || segments[0] !== root || segments.length !== depth;
    });
    expect(strangers.map(({ ref }) => ref)).toEqual([]);
  });

  it('becomes the expected files', async () => {
    const files = filesOf(exporter, (await replay('calls')).resources);
    if (process.env.DRIFTTRAIL_UPDATE_FIXTURES === '1') await writeTree(expected, files);
    expect(printable(files)).toEqual(printable(await readTree(expected)));
  });

  it('does not depend on the order of answers, members and keys', async () => {
    const { resources } = await replay('calls');
    const first = printable(filesOf(exporter, resources));
    for (let seed = 1; seed <= PERMUTATIONS; seed++) {
      const shuffled = permuted(resources, exporter.kinds, seed);
      expect(printable(filesOf(exporter, shuffled))).toEqual(first);
    }
  });

  it('is quiet when nothing happened', async () => {
    if (!(await readdir(folder)).includes('quiet')) return;
    const [calls, quiet] = await Promise.all([replay('calls'), replay('quiet')]);
    expect(printable(filesOf(exporter, quiet.resources))).toEqual(printable(filesOf(exporter, calls.resources)));
  });

  it('writes no secret', async () => {
    if (!(await readdir(folder)).includes('secrets.json')) return;
    const lists = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as { absent?: string[]; present?: string[] };
    const text = [...filesOf(exporter, (await replay('calls')).resources)]
      .map(([path, bytes]) => `${path}\n${Buffer.from(bytes)}`)
      .join('\n');
    expect((lists.absent ?? []).filter((secret) => text.includes(secret))).toEqual([]);
    expect((lists.present ?? []).filter((word) => !text.includes(word))).toEqual([]);
  });

  it('names commands for undoing, one line each', async () => {
    const { resources } = await replay('calls');
    const odd = undoCommands(exporter, resources).filter((command) => command.trim() === '' || /[\r\n\0]/.test(command));
    expect(odd).toEqual([]);
  });
}

async function play<Options>(exporter: Exporter<Options>, one: ConformanceCase, recording: string): Promise<Snapshot> {
  const surroundings = { ...realSurroundings(recording), ...one.surroundings?.(recording) };
  const options = exporter.options.parse(one.options(recording));
  return collect(exporter, options, { surroundings, signal: new AbortController().signal, progress: () => undefined });
}

/** What would be written: path → bytes. Throws when two resources share a path. */
export function filesOf<Options>(
  exporter: Pick<Exporter<Options>, 'name' | 'scopes' | 'kinds'>,
  resources: readonly Resource[],
): Map<string, Uint8Array> {
  const layout = createLayout([exporter]);
  const redactor = createRedactor(KEY);
  const files = new Map<string, Uint8Array>();
  for (const resource of resources) {
    const path = layout.pathOf(resource.ref);
    if (files.has(path)) throw new Error(`two resources are written to ${path}`);
    files.set(path, normalize(resource, kindOf(exporter, resource), redactor).bytes);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function undoCommands<Options>(exporter: Exporter<Options>, resources: readonly Resource[]): string[] {
  const layout = createLayout([exporter]);
  const redactor = createRedactor(KEY);
  return resources.flatMap((resource) => {
    const kind = kindOf(exporter, resource);
    const { config } = normalize(resource, kind, redactor);
    const base = { ref: resource.ref, path: layout.pathOf(resource.ref) };
    const changes: Change[] = [
      { ...base, type: 'created', edits: [{ path: '', before: null, after: config }], after: config },
      { ...base, type: 'deleted', edits: [{ path: '', before: config, after: null }], before: config },
    ];
    return changes.flatMap((change) => kind.undo?.(change, { before: () => undefined }) ?? []);
  });
}

function kindOf<Options>(exporter: Pick<Exporter<Options>, 'name' | 'kinds'>, resource: Resource): Kind {
  const kind = kindNamed(exporter.kinds, resource.ref.kind);
  if (kind === undefined) throw new Error(`${exporter.name} declares no kind ${resource.ref.kind}`);
  return kind;
}

/** Bytes as text where they are text, so that a failing test shows the line. */
function printable(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
}

async function readTree(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    files.map(async (file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(file)] as const),
  );
  return new Map(read.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function writeTree(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}
