/** Where resources stand in the snapshots repository: identity to path and back, one to one. */
import { DrifttrailError } from '../errors.ts';
import { type Exporter, isWildcard, type Kind, type Ref } from '../model.ts';
import { decodeSegments, encodeSegment, isContinued } from './codec.ts';

export interface Layout {
  /** @throws {DrifttrailError} `kind-unknown`, `scope-invalid`, `id-too-long` */
  readonly pathOf: (ref: Ref) => string;
  /** The resource whose file this is; undefined for coverage files, the template's files and whatever is not ours. */
  readonly refOf: (path: string) => Ref | undefined;
  readonly kindOf: (name: string) => Kind | undefined;
  readonly coveragePath: (exporter: string, scope: string) => string;
  /** Of each exporter whose scopes begin so: machines and databases of several exporters stand under one root. */
  readonly coverageFor: (scope: string) => string[];
  readonly coverageOf: (path: string) => { readonly exporter: string; readonly scope: string } | undefined;
  /** `aws/123456789012/eu-west-1/`; also for the beginning of a scope. */
  readonly scopePrefix: (scope: string) => string;
  /** The folder (with a slash at its end) or the one file where a kind of a scope stands. */
  readonly kindPrefix: (scope: string, kind: string) => string;
  /** The path prefixes that an exporter's scopes and their coverage files have; what a writer owns. */
  readonly ownedPrefixes: (exporter: string, scopes: readonly string[]) => string[];
}

interface Place {
  readonly kind: Kind;
  readonly name: string;
  readonly root: string;
  readonly depth: number;
  readonly type: 'folder' | 'tree' | 'file';
  /** The folder or file under the scope, without slashes at its ends. */
  readonly under: string;
  readonly extension: string;
}

/** Stands for kinds that are not known beforehand; `start` is what their names begin with. */
interface Wildcard {
  readonly exporter: Pick<Exporter, 'name' | 'scopes'>;
  readonly kind: Kind;
  readonly start: string;
}

/** What may follow the first word of a kind: it becomes the name of a folder as it is. */
const KIND_WORDS = /^[A-Za-z][A-Za-z0-9.-]*$/;

export const COVERAGE = 'coverage';
/** Linux allows 4,096 bytes and the deployment's own folder comes before. */
export const MAX_PATH = 3000;
const EXTENSIONS = { json: '.json', yaml: '.yaml', text: '.txt' } as const;

export function createLayout(exporters: readonly Pick<Exporter, 'name' | 'scopes' | 'kinds'>[]): Layout {
  const places = new Map<string, Place>();
  const byRoot = new Map<string, Place[]>();
  const wildcards = new Map<string, Wildcard[]>();
  for (const exporter of exporters) {
    for (const [name, kind] of Object.entries(exporter.kinds)) {
      const place = placeOf(exporter, isWildcard(name) ? `${wordOf(name)}any` : name, kind);
      if (isWildcard(name)) wildcards.set(place.root, [...(wildcards.get(place.root) ?? []), { exporter, kind, start: wordOf(name) }]);
      if (isWildcard(name)) continue;
      if (places.has(name)) throw collision(`two exporters call a kind ${name}`);
      const siblings = byRoot.get(place.root) ?? [];
      const twin = siblings.find((other) => other.depth === place.depth && overlaps(other, place));
      if (twin !== undefined) throw collision(`${twin.name} and ${name} share ${place.root}/…/${place.under}`);
      places.set(name, place);
      byRoot.set(place.root, [...siblings, place]);
    }
  }

  /** A kind that no exporter names is found out when it is first met. */
  const placeNamed = (name: string): Place | undefined => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const wildcard = [...wildcards.values()].flat().find(({ start }) => name.startsWith(start) && name.length > start.length);
    if (wildcard === undefined) return undefined;
    const place = placeOf(wildcard.exporter, name, wildcard.kind);
    places.set(name, place);
    return place;
  };

  const scopePrefix = memo((scope: string) => `${encodeScope(scope)}/`);
  const prefixes = new Map<string, Map<string, string>>();
  const kindPrefix = (scope: string, kind: string): string => {
    const known = prefixes.get(kind)?.get(scope);
    if (known !== undefined) return known;
    const place = placeNamed(kind);
    if (place === undefined) throw new DrifttrailError({ code: 'kind-unknown', message: `no exporter has the kind ${kind}` });
    if (scope.split('/').length !== place.depth || !scope.startsWith(`${place.root}/`)) {
      throw new DrifttrailError({
        code: 'scope-invalid',
        message: `${kind} cannot stand in the scope ${JSON.stringify(scope)}: ${place.root}/… has ${place.depth} segments`,
      });
    }
    const prefix = `${scopePrefix(scope)}${place.under}${place.type === 'file' ? '' : '/'}`;
    const ofKind = prefixes.get(kind) ?? new Map<string, string>();
    prefixes.set(kind, ofKind.set(scope, prefix));
    return prefix;
  };

  const pathOf = ({ scope, kind, id }: Ref): string => {
    const prefix = kindPrefix(scope, kind);
    const place = places.get(kind);
    if (place === undefined || place.type === 'file') return prefix;
    const names = place.type === 'tree' ? id.split('/') : [id];
    let path = prefix;
    for (const [index, name] of names.entries()) {
      const segments = encodeSegment(name, place.extension);
      path += `${index === 0 ? '' : '/'}${segments.length === 1 ? segments[0] : segments.join('/')}`;
    }
    if (path.length > MAX_PATH)
      throw new DrifttrailError({
        code: 'id-too-long',
        message: `${kind} in ${scope} has an id of ${id.length} characters: ${id.slice(0, 40)}…`,
      });
    return path;
  };

  const refOf = (path: string): Ref | undefined => {
    const slash = path.indexOf('/');
    for (const { exporter, start } of wildcards.get(path.slice(0, slash)) ?? []) {
      const folder = foldersBelow(path, exporter.scopes.depth)[0];
      const place = folder === undefined || !isFolder(folder) ? undefined : placeNamed(`${start}${folder}`);
      const ref = place === undefined ? undefined : read(place, path);
      if (ref !== undefined) return ref;
    }
    for (const place of byRoot.get(path.slice(0, slash)) ?? []) {
      const ref = read(place, path);
      if (ref !== undefined) return ref;
    }
    return undefined;
  };

  const coveragePath = (exporter: string, scope: string) =>
    `${COVERAGE}/${encodeSegment(exporter).join('/')}/${encodeScope(scope, '.json')}`;
  return {
    pathOf,
    refOf,
    kindOf: (name) => placeNamed(name)?.kind,
    coveragePath,
    coverageFor: (scope) => {
      const [root] = scope.split('/');
      return exporters.filter(({ scopes }) => scopes.root === root).map(({ name }) => coveragePath(name, scope));
    },
    coverageOf: (path) => {
      const [folder, exporter, ...rest] = path.split('/');
      if (folder !== COVERAGE || exporter === undefined || !path.endsWith('.json')) return undefined;
      const name = decodeSegments([exporter]);
      const scope = decodeAll(rest, '.json');
      return name === undefined || scope === undefined ? undefined : { exporter: name, scope: scope.join('/') };
    },
    scopePrefix,
    kindPrefix,
    ownedPrefixes: (exporter, scopes) => scopes.flatMap((scope) => [scopePrefix(scope), coveragePath(exporter, scope)]),
  };
}

function placeOf({ name: exporter, scopes }: Pick<Exporter, 'name' | 'scopes'>, name: string, kind: Kind): Place {
  const { root, depth } = scopes;
  const location = kind.location ?? { type: 'folder', folder: name.slice(name.indexOf('.') + 1) };
  const under = location.type === 'file' ? location.file : location.folder;
  const own = location.type === 'folder' && location.extension !== undefined ? location.extension : EXTENSIONS[kind.format];
  for (const segment of [root, ...under.split('/')]) {
    // Kind names are code, so they keep their capitals; everything else of the codec's rules holds for them too.
    const lower = segment.toLowerCase();
    if (encodeSegment(lower)[0] !== lower)
      throw collision(`${exporter}: ${name} cannot stand in a folder called ${JSON.stringify(segment)}`);
  }
  if (root === COVERAGE) throw collision(`${exporter}: the folder ${COVERAGE} is taken`);
  return { kind, name, root, depth, type: location.type, under, extension: location.type === 'folder' ? own : '' };
}

/** Whether a path could belong to both. Case is ignored, as some file systems do. */
function overlaps(one: Place, two: Place): boolean {
  const [a, b] = [`${one.under}/`.toLowerCase(), `${two.under}/`.toLowerCase()];
  if (a === b) return one.type !== 'folder' || two.type !== 'folder' || one.extension === two.extension;
  const [outer, longer] = a.length < b.length ? [one, b] : [two, a];
  return outer.type !== 'file' && longer.startsWith(`${outer.under}/`.toLowerCase()) && outer.type === 'tree';
}

/** Whether a kind can be told from the name of its folder. */
function isFolder(name: string): boolean {
  return KIND_WORDS.test(name) && encodeSegment(name.toLowerCase())[0] === name.toLowerCase();
}

/** `kubernetes.` of `kubernetes.*`. */
function wordOf(name: string): string {
  return name.slice(0, name.indexOf('.') + 1);
}

/** The segments of a path that follow its scope. */
function foldersBelow(path: string, depth: number): string[] {
  const segments = path.split('/');
  let left = depth;
  while (left > 0 && segments.length > 0) if (!isContinued(segments.shift() ?? '')) left -= 1;
  return segments;
}

function read(place: Place, path: string): Ref | undefined {
  let end = -1;
  for (let left = place.depth; left > 0; ) {
    const start = end + 1;
    end = path.indexOf('/', start);
    if (end === -1) return undefined;
    if (!isContinued(path.slice(start, end))) left -= 1;
  }
  const rest = path.slice(end + 1);
  const isFile = place.type === 'file';
  if (isFile ? rest !== place.under : !rest.startsWith(`${place.under}/`)) return undefined;
  const scope = decodeScope(path.slice(0, end));
  if (scope === undefined) return undefined;
  if (isFile) return { scope, kind: place.name, id: lastWord(place.name) };
  if (!rest.endsWith(place.extension)) return undefined;
  const names = decodeAll(rest.slice(place.under.length + 1).split('/'), place.extension, place.type === 'tree');
  if (names === undefined || (place.type === 'folder' && names.length !== 1)) return undefined;
  return { scope, kind: place.name, id: names.join('/') };
}

/** Names from segments, continued ones joined; undefined when one is nobody's spelling. Where slashes part names, none holds one. */
function decodeAll(segments: readonly string[], extension: string, parted = true): string[] | undefined {
  const names: string[] = [];
  let group: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    group.push(last ? segment.slice(0, segment.length - extension.length) : segment);
    if (!last && isContinued(segment)) continue;
    const name = decodeSegments(group, last ? extension : '');
    if (name === undefined || (parted && name.includes('/'))) return undefined;
    names.push(name);
    group = [];
  }
  return names;
}

function encodeScope(scope: string, extension = ''): string {
  const names = scope.split('/');
  return names.flatMap((name, index) => encodeSegment(name, index === names.length - 1 ? extension : '')).join('/');
}

const decodeScope = memo((path: string): string | undefined => decodeAll(path.split('/'), '')?.join('/'));

function memo<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    if (known.size > 100_000) known.clear();
    known.set(key, value);
    return value;
  };
}

export function lastWord(kind: string): string {
  return kind.slice(kind.lastIndexOf('.') + 1);
}

function collision(message: string): DrifttrailError {
  return new DrifttrailError({ code: 'layout-invalid', message, remedy: "give the kind another `location` in its exporter's folder" });
}
