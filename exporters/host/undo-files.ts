/** Commands that bring files back, their owners and modes: from the snapshots repository, never a byte that was redacted. */
import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from 'drifttrail';
import { escaped, note, octal, printed, quote } from '../_shell/words.ts';
import { type Member, membersOf, type Undo } from '../_shared/members.ts';
import { folderOf } from './walk.ts';

const REDACTED = '«redacted:';
const ESCAPED_BYTE = /\\x([0-9a-f]{2})/;

/**
 * The bytes come from the snapshots repository (run in the deployment's folder), by the id git gives to just these bytes:
 * no commit needs to be named. They go to a temporary file first: in another folder git fails, and nothing is emptied.
 * Redacted text is shown as a difference and never written back.
 */
export const undoFile: Undo = (change, context) => {
  const path = pathWord(change.ref.id);
  if (path === undefined) return [unnameable(change.ref.id)];
  const metadata = context.before({ scope: change.ref.scope, kind: 'host.file-metadata', id: folderOf(change.ref.id) });
  const entry = isObject(metadata) ? metadata[change.ref.id] : undefined;
  if (change.type === 'created') {
    return [entry === undefined ? `rm -- ${path}` : note('what stood in its place comes back by the undo of the file metadata')];
  }
  if (typeof change.before !== 'string' || change.before.includes('\uFFFD')) {
    return [note(`the old bytes are no text: git -C snapshots log -p -- ${change.path} has them`)];
  }
  const blob = `git -C snapshots cat-file blob ${blobId(change.before)}`;
  if (change.before.includes(REDACTED)) {
    return [`${blob} | diff -u -- - ${path}`, note('it holds secrets that are not kept: put the lines back by hand')];
  }
  if (change.type !== 'deleted') return [copied(blob, `cat "$old" > ${path}`)];
  // Made with its mode, never opened wider for a moment.
  const { owner, group, mode } = isObject(entry) ? entry : {};
  const owned = owner === undefined || group === undefined ? '' : ` -o ${quote(String(owner))} -g ${quote(String(group))}`;
  return [copied(blob, `install${owned} -m ${quote(typeof mode === 'string' ? mode : '0600')} -- "$old" ${path}`)];
};

function copied(blob: string, use: string): string {
  return `old=$(mktemp) && ${blob} > "$old" && ${use} && rm -- "$old"`;
}

/** Owner before mode: chown clears the set-user-ID bit. Content that is not kept cannot be restored. */
export const undoMetadata: Undo = (change) => membersOf(change).flatMap(restoreEntry);

function restoreEntry({ key, before, after }: Member): readonly string[] {
  const path = pathWord(key);
  if (path === undefined) return [unnameable(key)];
  if (before === undefined) return removed(path, after ?? {});
  if (before.type === 'symlink') {
    if (after?.type === 'symlink' && before.target === after.target) return owner(path, before, after);
    // Into a folder, ln would make the link inside of it.
    return [...(after?.type === 'directory' ? [`rmdir -- ${path}`] : []), `ln -sfn -- ${quote(String(before.target))} ${path}`];
  }
  if (before.type === 'directory' && after?.type !== 'directory') {
    return [...(after === undefined ? [] : [`rm -- ${path}`]), `mkdir -- ${path}`, ...modes(path, before)];
  }
  const isKept = before.type === 'file' && before.size === undefined;
  // A kept file that is gone or another thing by now is written anew, mode and all, by the undo of the file itself.
  if (after === undefined || after.type !== before.type) return isKept ? [] : [lost(key, String(before.type))];
  const same = before.mode === after.mode && before.owner === after.owner && before.group === after.group;
  const isOther = before.sha256 !== after.sha256 || before.sha256OfEnds !== after.sha256OfEnds || before.size !== after.size;
  return [...(isOther && !isKept ? [lost(key, 'old content')] : []), ...(same ? [] : modes(path, before))];
}

/** A text file's own undo removes it. */
function removed(path: string, entry: JsonObject): string[] {
  if (entry.type === 'directory') return [`rmdir -- ${path}`];
  return entry.type === 'file' && entry.size === undefined ? [] : [`rm -- ${path}`];
}

function owner(path: string, before: JsonObject, after: JsonObject): string[] {
  return before.owner === after.owner && before.group === after.group ? [] : modes(path, before);
}

function modes(path: string, entry: JsonObject): string[] {
  const owned = entry.owner === undefined ? [] : [`chown -h -- ${quote(`${entry.owner}:${entry.group}`)} ${path}`];
  return typeof entry.mode === 'string' ? [...owned, `chmod -- ${quote(entry.mode)} ${path}`] : owned;
}

function lost(path: string, what: string): string {
  return note(`of /${path} the ${what} is not kept: bring it back from a backup`);
}

/** The path as a shell's word; its id writes bytes that are no text as `\xNN`. The shell would cut a line break at the end. */
function pathWord(id: string): string | undefined {
  if (id.endsWith('\n')) return undefined;
  const parts = `/${id}`.split(ESCAPED_BYTE);
  if (parts.length === 1) return quote(`/${id}`);
  const bytes = parts.map((part, index) => (index % 2 === 0 ? escaped(part) : octal(Number.parseInt(part, 16))));
  return id.endsWith('\\x0a') ? undefined : printed(bytes.join(''));
}

function unnameable(id: string): string {
  return note(`the name of /${id} cannot be told to a shell: bring it back by hand`);
}

function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
