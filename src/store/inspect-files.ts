/** The part of the inspection that looks at files, for damage that keeps git from answering at all. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gitProcesses, lockFiles } from './locks.ts';
import { type Problem, quoted, shown } from './problem.ts';

export function inspectFiles(dir: string): Problem[] {
  const gitDir = join(dir, '.git');
  const missing = ['HEAD', 'objects', 'refs', 'config'].filter((name) => !existsSync(join(gitDir, name)));
  if (missing.length === 4)
    return [
      {
        code: 'repository-missing',
        message: `there is no repository in ${dir}`,
        repair: `restore ${quoted(gitDir)} from the remote or a backup; only if there never was one: drifttrail init`,
      },
    ];
  const [head = ''] = linesOf(join(gitDir, 'HEAD'));
  const problems: Problem[] = [];
  if (!/^(?:ref: refs\/\S+|[0-9a-f]{40})$/.test(head)) {
    problems.push({
      code: 'head-broken',
      message: `${gitDir}/HEAD holds ${JSON.stringify(head.slice(0, 40))}`,
      repair: `printf 'ref: refs/heads/main\\n' > ${quoted(gitDir)}/HEAD`,
    });
  }
  for (const name of missing.filter((entry) => entry === 'objects' || entry === 'refs')) {
    problems.push({
      code: 'repository-missing',
      message: `${gitDir}/${name} is missing`,
      repair: name === 'refs' ? `mkdir -p ${quoted(gitDir)}/refs/heads` : `restore ${quoted(gitDir)} from the remote or a backup`,
    });
  }
  if (missing.includes('config') || linesOf(join(gitDir, 'config')).length === 0) {
    problems.push({
      code: 'config-broken',
      message: `${gitDir}/config is missing or empty`,
      repair: `git config --file ${quoted(gitDir)}/config drifttrail.version 1 && drifttrail init`,
    });
  }
  return [
    ...problems,
    ...emptyObjects(gitDir),
    ...brokenPacks(gitDir),
    ...lostAlternates(gitDir),
    ...shallow(gitDir),
    ...staleLocks(dir),
    ...permissions(dir),
  ];
}

/** An object's name behind the folder of its first two digits. */
const OBJECT = /^[0-9a-f]{38}$/;

/** What a machine that lost its power leaves: names without contents. A killed git leaves `tmp_obj_…`, which nothing reads. */
function emptyObjects(gitDir: string): Problem[] {
  const objects = join(gitDir, 'objects');
  if (!existsSync(objects)) return [];
  const folders = readdirSync(objects).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const empty = folders
    .flatMap((folder) =>
      readdirSync(join(objects, folder))
        .filter((name) => OBJECT.test(name))
        .map((name) => join(objects, folder, name)),
    )
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.size === 0);
  if (empty.length === 0) return [];
  return [
    {
      code: 'object-empty',
      message: `${empty.length} objects are empty files: ${shown(empty)}`,
      repair: `find ${quoted(objects)} -type f -size 0 -delete && drifttrail doctor`,
    },
  ];
}

/** A pack ends with its checksum, which its index repeats before its own: twenty bytes tell a cut-off pack. */
function brokenPacks(gitDir: string): Problem[] {
  const folder = join(gitDir, 'objects', 'pack');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const problems: Problem[] = [];
  for (const name of names.filter((entry) => entry.endsWith('.pack'))) {
    const pack = join(folder, name);
    const index = pack.replace(/pack$/, 'idx');
    if (!existsSync(index))
      problems.push({
        code: 'pack-unindexed',
        message: `${pack} has no index`,
        repair: `git -C ${quoted(gitDir)} index-pack ${quoted(pack)}`,
      });
    else if (tail(pack, 20, 0) !== tail(index, 20, 20))
      problems.push({
        code: 'pack-broken',
        message: `${pack} is cut off or altered`,
        repair: `mv ${quoted(pack)} ${quoted(pack)}.broken; rm ${quoted(index)}; git -C ${quoted(gitDir)} unpack-objects -q -r < ${quoted(pack)}.broken; git -C ${quoted(gitDir)} fetch --refetch <remote> main # or restore it from a backup`,
      });
  }
  for (const name of names.filter((entry) => entry.endsWith('.idx') && !names.includes(entry.replace(/idx$/, 'pack')))) {
    problems.push({
      code: 'pack-missing',
      message: `${join(folder, name)} has lost its pack`,
      repair: `rm ${quoted(join(folder, name))} && git -C ${quoted(gitDir)} fetch --refetch <remote> main # brings back what it held`,
    });
  }
  return problems;
}

function tail(file: string, length: number, beforeEnd: number): string {
  const size = statSync(file).size;
  if (size < length + beforeEnd) return `${size} bytes`;
  const bytes = Buffer.alloc(length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, length, size - length - beforeEnd);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('hex');
}

function lostAlternates(gitDir: string): Problem[] {
  const file = join(gitDir, 'objects', 'info', 'alternates');
  return linesOf(file)
    .filter((path) => path !== '' && !path.startsWith('#') && !existsSync(join(gitDir, 'objects', path)) && !existsSync(path))
    .map((path) => ({
      code: 'alternate-missing',
      message: `${file} borrows objects from ${path}, which is gone`,
      repair: `rm ${quoted(file)} && git -C ${quoted(gitDir)} fetch --refetch <remote> main # or bring ${quoted(path)} back`,
    }));
}

function shallow(gitDir: string): Problem[] {
  const file = join(gitDir, 'shallow');
  if (!existsSync(file)) return [];
  return [
    {
      code: 'history-shallow',
      message: `${gitDir} holds only a part of the history`,
      repair: `git -C ${quoted(gitDir)} fetch --unshallow <remote>`,
    },
  ];
}

function staleLocks(dir: string): Problem[] {
  const locks = lockFiles(join(dir, '.git'));
  if (locks.length === 0 || (gitProcesses(dir) ?? []).length > 0) return [];
  return [
    {
      code: 'lock-left',
      message: `a git that was killed left ${shown(locks)}`,
      repair: `rm ${locks.map(quoted).join(' ')} # or wait: the next run does it`,
    },
  ];
}

function permissions(dir: string): Problem[] {
  if (process.platform === 'win32') return [];
  const mode = statSync(dir).mode & 0o777;
  return (mode & 0o077) === 0
    ? []
    : [
        {
          code: 'repository-exposed',
          message: `${dir} can be read by others (mode ${mode.toString(8)})`,
          repair: `chmod 700 ${quoted(dir)}`,
        },
      ];
}

/** Empty when there is no such file. */
export function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}
