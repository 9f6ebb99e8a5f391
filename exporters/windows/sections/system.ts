/** What the machine is: Windows itself, its features, hotfixes and programs. */
import { z } from 'zod';
import { collection, present, rowsOf, type Section, Unusable } from './section.ts';

const text = z.string();

/** Win32_ComputerSystem.DomainRole. */
const ROLES = [
  'standalone workstation',
  'member workstation',
  'standalone server',
  'member server',
  'backup domain controller',
  'primary domain controller',
];

const osRow = z.object({
  name: text,
  version: text,
  build: text,
  revision: text,
  release: text,
  installation: text,
  architecture: text,
  language: text,
  timeZone: text,
  computer: text,
  domain: text,
  joined: z.boolean(),
  role: z.number().int(),
  rebootPending: z.array(text),
});

export const os: Section = {
  word: 'os',
  kind: {
    format: 'json',
    title: 'Windows',
    plural: 'Windows',
    location: { type: 'file', file: 'facts/windows-os.json' },
    sets: [{ path: '/rebootPending' }],
    evidence: { chapter: 'What it is', order: 10 },
  },
  read: (rows) => {
    const [row, ...more] = rowsOf(osRow, rows);
    if (row === undefined || more.length > 0) throw new Unusable('there is not one operating system in the answer');
    return { items: [{ id: 'os', config: present({ ...row, role: ROLES[row.role] ?? String(row.role) }) }] };
  },
};

/** Get-WindowsFeature says words, Win32_OptionalFeature numbers: 1 enabled, 2 disabled, 3 absent, 4 unknown. */
const FEATURE_STATES: Readonly<Record<string, string>> = { '1': 'Installed', '2': 'Available', '3': 'Removed', '4': 'Unknown' };

export const feature = collection({
  word: 'feature',
  file: 'windows-features',
  title: 'Windows feature',
  schema: z.object({ name: text, displayName: text, state: text, source: z.enum(['server', 'optional']) }),
  key: ['name'],
  evidence: { chapter: 'What is installed', order: 72, fields: ['state'], brief: true },
  member: ({ state, ...row }) => {
    const word = FEATURE_STATES[state] ?? state;
    return word === 'Available' || word === 'Removed' ? undefined : { ...row, state: word };
  },
});

export const hotfix = collection({
  word: 'hotfix',
  file: 'windows-hotfixes',
  title: 'hotfix',
  plural: 'hotfixes',
  schema: z.object({ id: text, description: text }),
  key: ['id'],
  evidence: { chapter: 'What is installed', order: 73, fields: ['description'], brief: true },
  member: (row) => row,
});

export const program = collection({
  word: 'program',
  file: 'windows-programs',
  title: 'installed program',
  schema: z.object({ id: text, name: text, version: text, publisher: text, wow64: z.boolean() }),
  key: ['name'],
  evidence: { chapter: 'What is installed', order: 71, fields: ['version'], brief: true },
  // Of an installer's GUID a new one is made with every version: it would say the same twice.
  member: ({ id, ...row }) => (/^\{[0-9A-F-]{36}\}$/i.test(id) ? row : { ...row, id }),
});
