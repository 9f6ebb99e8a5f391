/** The kinds of a SQLite file. Folders begin with `sqlite.`, so that other databases may stand beside it. */
import type { Kind, Location } from 'drifttrail';
import { undoObject, undoSettings } from './undo.ts';

export const SETTINGS = 'sqlite.settings';

const folder = (word: string): Location => ({ type: 'folder', folder: `sqlite.${word}`, extension: '.sql' });

/** By the type that sqlite_master calls it. */
export const OBJECTS: Readonly<Record<string, Kind>> = {
  table: { format: 'text', title: 'table', location: folder('table'), undo: undoObject },
  index: { format: 'text', title: 'index', plural: 'indexes', location: folder('index'), undo: undoObject },
  view: { format: 'text', title: 'view', location: folder('view'), undo: undoObject },
  trigger: { format: 'text', title: 'trigger', location: folder('trigger'), undo: undoObject },
};

export const kinds: Readonly<Record<string, Kind>> = {
  [SETTINGS]: {
    format: 'json',
    title: 'settings',
    plural: 'settings',
    location: { type: 'file', file: 'sqlite-settings.json' },
    consulted: true,
    undo: undoSettings,
  },
  ...Object.fromEntries(Object.entries(OBJECTS).map(([type, kind]) => [`sqlite.${type}`, kind])),
};
