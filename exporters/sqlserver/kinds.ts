/** The kinds of a SQL Server. Folders begin with `sqlserver.`, so that other databases may stand beside it. */
import type { Kind, Location } from 'drifttrail';
import { undoConfiguration, undoLogin, undoModule, undoUser } from './undo.ts';

const folder = (word: string, extension = '.json'): Location => ({ type: 'folder', folder: `sqlserver.${word}`, extension });
const NAMED = ['name'];
const RIGHTS = [
  { path: '/roles', key: ['role'] },
  { path: '/grants', key: ['permission', 'class', 'on'] },
];
const module = (word: string): Kind => ({ format: 'text', title: word, location: folder(word, '.sql'), undo: undoModule });

export const kinds: Readonly<Record<string, Kind>> = {
  'sqlserver.configuration': {
    format: 'json',
    title: 'configuration option',
    location: { type: 'file', file: 'sqlserver-configuration.json' },
    collection: true,
    undo: undoConfiguration,
  },
  'sqlserver.login': { format: 'json', title: 'login', location: folder('login'), sets: RIGHTS, undo: undoLogin },
  'sqlserver.database': { format: 'json', title: 'database', location: folder('database') },
  'sqlserver.linked-server': {
    format: 'json',
    title: 'linked server',
    location: folder('linked-server'),
    sets: [{ path: '/logins', key: ['local'] }],
  },
  'sqlserver.job': { format: 'json', title: 'job', location: folder('job'), sets: [{ path: '/schedules', key: NAMED }] },
  'sqlserver.user': { format: 'json', title: 'database user', location: folder('user'), sets: RIGHTS, undo: undoUser },
  'sqlserver.table': {
    format: 'json',
    title: 'table',
    location: folder('table'),
    sets: ['/columns', '/indexes', '/constraints'].map((path) => ({ path, key: NAMED })),
  },
  'sqlserver.view': module('view'),
  'sqlserver.procedure': module('procedure'),
  'sqlserver.function': module('function'),
  'sqlserver.trigger': module('trigger'),
};
