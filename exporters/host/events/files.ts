/** What a recorded write did to a file and to its entry among the metadata of its folder. */
import { type Effect, type EventRule, isObject, type Json, type Ref } from 'drifttrail';
import { folderOf } from '../walk.ts';
import { type Act, calm, create, implied, member, nothing, remove, ruleFor, scopeOf, set, sides, text, unset } from './act.ts';
import { derivedEffects } from './derived.ts';
import { isScratch } from './scratch.ts';

interface FileAct {
  readonly path: string;
  readonly change: string;
  readonly type: string;
  readonly renamed: boolean;
  readonly told: Json;
}

interface Target extends FileAct {
  readonly act: Act;
  readonly file: Ref;
  /** The document of its folder, and the place of its entry there. */
  readonly folder: Ref;
  readonly entry: string;
}

const NAMES = ['create', 'write', 'replace', 'delete', 'chmod', 'chown', 'setxattr'];

export const fileRules: readonly EventRule[] = NAMES.map((name) => ruleFor('linux-audit', name, fileEffects));

function fileEffects(act: Act): Effect[] {
  const { files } = act.request;
  const effects = (Array.isArray(files) ? (files as readonly Json[]) : []).flatMap((told): Effect[] => {
    const path = text(told, 'path');
    if (path === undefined) return [];
    if (isScratch(path) && !isKnown(act, path)) return nothing(act, 'a scratch file', 'host.file', path);
    if (!isRecorded(act, path)) return nothing(act, 'outside of what is recorded', 'host.file', path);
    const scope = scopeOf(act.event);
    const folder = { scope, kind: 'host.file-metadata', id: folderOf(path) };
    const target = {
      act,
      path,
      told,
      change: text(told, 'change') ?? '',
      type: text(told, 'type') ?? 'file',
      renamed: text(told, 'from') !== undefined,
    };
    return effectsOn({ ...target, file: { scope, kind: 'host.file', id: path }, folder, entry: member(path) });
  });
  // What it is about comes first: a scratch file that took another's place is not.
  effects.sort((a, b) => Number(a.cascade !== undefined) - Number(b.cascade !== undefined));
  const { actor } = act.event;
  return actor.type === 'Service' || actor.service !== undefined ? calm(act, effects) : effects;
}

function effectsOn(target: Target): Effect[] {
  const { act, folder, entry, change, path, told } = target;
  switch (change) {
    case 'created':
      return [...came(target), ...derivedEffects(act, path)];
    case 'deleted':
      return [...went(target), ...derivedEffects(act, path)];
    case 'written':
    case 'replaced':
      return [set(target.file, ''), ...alongside(target), ...derivedEffects(act, path)];
    case 'mode':
      return [set(folder, `${entry}/mode`, text(told, 'mode'))];
    case 'owner':
      return ['owner', 'group'].flatMap((field) =>
        text(told, field) === undefined ? [] : [set(folder, `${entry}/${field}`, text(told, field))],
      );
    default:
      // An access control list shows as the group's part of the mode.
      return implied('attributes were set', set(folder, `${entry}/mode`));
  }
}

/** A whole folder that was renamed brings what is in it. */
function came(target: Target): Effect[] {
  const { act, file, folder, entry, type, renamed } = target;
  const known = sides(act, folder, entry);
  const own = beside(target, known.before === undefined ? set(folder, entry, { type }) : set(folder, `${entry}/**`));
  const below = type === 'directory' && renamed ? inside(target).filter((ref) => act.lookup.before(ref) === undefined) : [];
  return [
    ...(hasContent(target) ? [create(file)] : []),
    ...(act.lookup.before(folder) === undefined ? beside(target, create(folder)) : own),
    ...implied('its folder was moved here', ...below.map(create)),
  ];
}

function went(target: Target): Effect[] {
  const { act, file, folder, entry, type } = target;
  const below = type === 'directory' ? inside(target).filter((ref) => act.lookup.after(ref) === undefined) : [];
  return [
    ...(hasContent(target) ? [remove(file)] : []),
    ...beside(target, act.lookup.after(folder) === undefined ? remove(folder) : unset(folder, entry)),
    ...implied('its folder went', ...below.map(remove)),
  ];
}

/** Where the entry is as it was, or never showed, the file tells all there is to tell. */
function beside(target: Target, effect: Effect): Effect[] {
  const { before, after } = sides(target.act, target.folder, target.entry);
  const quiet = hasContent(target) && JSON.stringify(before) === JSON.stringify(after);
  return quiet ? implied('its entry goes with the file', effect) : [effect];
}

/** Size and digest of a binary file stand in its entry, and a file that took another's place brings mode and owner. */
function alongside({ act, folder, entry }: Target): Effect[] {
  const { before, after } = sides(act, folder, entry);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [set(folder, `${entry}/**`)];
}

/** Not of folders, links and binary files: those have only an entry. */
function hasContent({ act, file, folder, entry, type }: Target): boolean {
  if (type !== 'file') return false;
  if (act.lookup.before(file) !== undefined || act.lookup.after(file) !== undefined) return true;
  const { before, after } = sides(act, folder, entry);
  return before === undefined && after === undefined;
}

function inside({ act, path, file: { scope } }: Target): Ref[] {
  return ['host.file', 'host.file-metadata'].flatMap((kind) =>
    [...act.lookup.list(scope, kind)]
      .map(({ ref }) => ref)
      .filter(({ id }) => id.startsWith(`${path}/`) || (kind !== 'host.file' && id === path)),
  );
}

/** A file of such a name that stays, as the backups of passwd do, is a file like any other. */
function isKnown(act: Act, path: string): boolean {
  const ref = { scope: scopeOf(act.event), kind: 'host.file-metadata', id: folderOf(path) };
  const { before, after } = sides(act, ref, member(path));
  return before !== undefined || after !== undefined;
}

/** Something above it is in a snapshot. Where there is none of the host, nothing is known to be left out. */
function isRecorded({ event, lookup }: Act, path: string): boolean {
  if (lookup.list(scopeOf(event), 'host.file-metadata')[Symbol.iterator]().next().done === true) return true;
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const ref = { scope: scopeOf(event), kind: 'host.file-metadata', id: folder };
    const [before, after] = [lookup.before(ref), lookup.after(ref)];
    if (isObject(before) || isObject(after)) return true;
    if (folder === '/') return false;
  }
}
