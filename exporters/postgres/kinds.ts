/** The kinds of a PostgreSQL server, by the names of its own documentation. */
import type { Kind, Location } from 'drifttrail';
import { recorded } from './events/index.ts';
import { undoDefaults, undoGrants, undoRole, undoSettings } from './undo/access.ts';
import {
  undoDatabase,
  undoForeignServer,
  undoMapping,
  undoPublication,
  undoRules,
  undoSlot,
  undoSubscription,
  undoTable,
} from './undo/objects.ts';
import { undoText } from './undo/text.ts';

const file = (name: string): Location => ({ type: 'file', file: name });
const sql = (title: string, plural?: string): Kind => ({
  format: 'text',
  title,
  ...(plural === undefined ? {} : { plural }),
  undo: undoText,
});
const GRANTS = [{ path: '/grants/*' }];

const declared: Readonly<Record<string, Kind>> = {
  'postgres.setting': {
    format: 'json',
    title: 'setting',
    location: file('settings.json'),
    collection: true,
    volatile: [
      { path: '/in_hot_standby', because: 'follows recovery, not configuration: "on" while a standby catches up, "off" after promotion' },
    ],
    undo: undoSettings,
  },
  'postgres.file-setting': {
    format: 'json',
    title: 'setting in a file',
    plural: 'settings in files',
    location: file('file-settings.json'),
    collection: true,
  },
  'postgres.hba-rule': {
    format: 'text',
    title: 'rule of host-based authentication',
    plural: 'rules of host-based authentication',
    location: file('pg_hba.conf'),
    undo: undoRules,
  },
  'postgres.ident-map': { format: 'text', title: 'user name map', location: file('pg_ident.conf'), undo: undoRules },
  'postgres.role': { format: 'json', title: 'role', undo: undoRole },
  'postgres.password': { format: 'json', title: 'password', location: file('passwords.json'), collection: true, secret: ['/*/verifier'] },
  'postgres.database': { format: 'json', title: 'database', sets: GRANTS, undo: undoDatabase },
  'postgres.tablespace': { format: 'json', title: 'tablespace', sets: GRANTS },
  'postgres.replication-slot': { format: 'json', title: 'replication slot', undo: undoSlot },
  'postgres.parameter-grant': {
    format: 'json',
    title: 'grant on a parameter',
    plural: 'grants on parameters',
    location: file('parameter-grants.json'),
    collection: true,
    sets: [{ path: '/*/*' }],
  },
  'postgres.function': sql('function'),
  'postgres.procedure': sql('procedure'),
  'postgres.aggregate': sql('aggregate'),
  'postgres.trigger': sql('trigger'),
  'postgres.event-trigger': sql('event trigger'),
  'postgres.policy': sql('policy', 'policies'),
  'postgres.rewrite-rule': sql('rewrite rule'),
  'postgres.schema': sql('schema'),
  'postgres.extension': sql('extension'),
  'postgres.type': sql('type'),
  'postgres.table': { format: 'json', title: 'table', sets: [{ path: '/options' }], undo: undoTable },
  'postgres.index': sql('index', 'indexes'),
  'postgres.sequence': sql('sequence'),
  'postgres.view': sql('view'),
  'postgres.materialized-view': sql('materialized view'),
  'postgres.statistics': sql('statistics object'),
  'postgres.grant': {
    format: 'json',
    title: 'grants of a schema',
    plural: 'grants of schemas',
    collection: true,
    sets: [{ path: '/*/*' }],
    undo: undoGrants,
  },
  'postgres.default-privilege': {
    format: 'json',
    title: 'default privileges',
    plural: 'default privileges',
    location: file('default-privileges.json'),
    collection: true,
    sets: [{ path: '/*/*' }],
    undo: undoDefaults,
  },
  'postgres.foreign-server': {
    format: 'json',
    title: 'foreign server',
    sets: GRANTS,
    secret: ['/options/password', '/options/passfile', '/options/sslpassword'],
    undo: undoForeignServer,
  },
  'postgres.foreign-data-wrapper': { format: 'json', title: 'foreign-data wrapper', sets: GRANTS },
  'postgres.user-mapping': {
    format: 'json',
    title: 'user mapping',
    secret: ['/options/password', '/options/passfile', '/options/sslpassword', '/options/passcode'],
    undo: undoMapping,
  },
  'postgres.publication': { format: 'json', title: 'publication', sets: [{ path: '/schemas' }], undo: undoPublication },
  'postgres.subscription': { format: 'json', title: 'subscription', sets: [{ path: '/publications' }], undo: undoSubscription },
  'postgres.subscription-connection': { format: 'json', title: 'connection of a subscription', plural: 'connections of subscriptions' },
};

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(declared).map(([name, kind]) => {
    const extension =
      kind.format === 'text' && kind.location === undefined
        ? { location: { type: 'folder', folder: name.slice('postgres.'.length), extension: '.sql' } as const }
        : {};
    return [name, { ...kind, ...extension, ...recorded(name) }];
  }),
);
