/** The kinds of a MariaDB or MySQL server. Folders begin with `mysql.`, so that both kinds of server may stand in one deployment. */
import type { Kind, Location } from 'drifttrail';
import { recorded } from './events/index.ts';
import { undoAccount, undoPlugin, undoDatabase, undoText, undoVariables } from './undo.ts';

const folder = (word: string, extension = '.json'): Location => ({ type: 'folder', folder: `mysql.${word}`, extension });
const file = (name: string): Location => ({ type: 'file', file: name });
const sql = (word: string): Kind => ({ format: 'text', title: word, location: folder(word, '.sql'), undo: undoText });

const declared: Readonly<Record<string, Kind>> = {
  'mysql.variable': { format: 'json', title: 'variable', location: file('mysql-variables.json'), collection: true, undo: undoVariables },
  'mysql.account': {
    format: 'json',
    title: 'account',
    location: folder('account'),
    sets: [{ path: '/grants' }],
    secret: ['/verifier'],
    undo: undoAccount,
  },
  'mysql.plugin': { format: 'json', title: 'plug-in', location: file('mysql-plugins.json'), collection: true, undo: undoPlugin },
  'mysql.replication': {
    format: 'json',
    title: 'replication',
    plural: 'replications',
    location: file('mysql-replication.json'),
    collection: true,
  },
  'mysql.database': { format: 'json', title: 'database', location: folder('database'), undo: undoDatabase },
  'mysql.table': sql('table'),
  'mysql.view': sql('view'),
  'mysql.procedure': sql('procedure'),
  'mysql.function': sql('function'),
  'mysql.trigger': sql('trigger'),
  'mysql.event': sql('event'),
};

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(declared).map(([name, kind]) => [name, { ...kind, ...recorded }]),
);
