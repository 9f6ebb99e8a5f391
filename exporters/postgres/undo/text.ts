/** What is kept as SQL comes back by running that SQL, after what took its place is out of the way. */
import { splitLast } from '../../_sql/names.ts';
import { commands, said, type Undo } from './psql.ts';

interface Way {
  readonly drop: (id: string, text: string) => string;
  /** How the old text takes the place of the new one. */
  readonly modified: 'replace' | 'drop' | ((before: string, id: string) => readonly string[] | string);
  /** What running the old text does not bring back. */
  readonly lost?: string;
}

const word =
  (what: string) =>
  (id: string): string =>
    `DROP ${what} ${id};`;
const onTable =
  (what: string) =>
  (id: string): string => {
    const [table, name] = splitLast(id);
    return `DROP ${what} ${name} ON ${table};`;
  };

const WAYS: Readonly<Record<string, Way>> = {
  'postgres.function': { drop: word('FUNCTION'), modified: 'replace' },
  'postgres.procedure': { drop: word('PROCEDURE'), modified: 'replace' },
  'postgres.aggregate': { drop: (id) => `DROP AGGREGATE ${id.replace(/\(\)$/, '(*)')};`, modified: 'drop' },
  'postgres.view': { drop: word('VIEW'), modified: 'replace' },
  'postgres.materialized-view': {
    drop: word('MATERIALIZED VIEW'),
    modified: 'drop',
    lost: 'its indexes and grants are undone by their own findings',
  },
  'postgres.index': { drop: word('INDEX'), modified: 'drop' },
  'postgres.statistics': { drop: word('STATISTICS'), modified: 'drop' },
  'postgres.trigger': { drop: onTable('TRIGGER'), modified: 'drop' },
  'postgres.policy': { drop: onTable('POLICY'), modified: 'drop' },
  'postgres.rewrite-rule': { drop: onTable('RULE'), modified: 'drop' },
  'postgres.event-trigger': { drop: word('EVENT TRIGGER'), modified: 'drop' },
  'postgres.sequence': {
    drop: word('SEQUENCE'),
    modified: (before) => before.replace(/^CREATE (?:UNLOGGED )?SEQUENCE/, 'ALTER SEQUENCE'),
    lost: 'where the sequence stood is data and not kept: setval puts it there',
  },
  'postgres.schema': {
    drop: word('SCHEMA'),
    modified: (before, id) => before.replace(/^CREATE SCHEMA .* AUTHORIZATION (.*);/, `ALTER SCHEMA ${id} OWNER TO $1;`),
  },
  'postgres.extension': {
    drop: word('EXTENSION'),
    modified: (before, id) => before.replace(/^CREATE EXTENSION .* WITH SCHEMA (.*) VERSION (.*);/, `ALTER EXTENSION ${id} UPDATE TO $2;`),
  },
  'postgres.type': {
    drop: (id, text) => `DROP ${text.startsWith('CREATE DOMAIN') ? 'DOMAIN' : 'TYPE'} ${id};`,
    modified: () => [],
    lost: 'a type in use cannot be put back by one command: the old definition is in the history',
  },
};

export const undoText: Undo = (change) => {
  const way = WAYS[change.ref.kind];
  const { id } = change.ref;
  const [before, after] = [said(change.before), said(change.after)];
  if (way === undefined) return [];
  if (change.type === 'created') return after === undefined ? [] : commands(change, [way.drop(id, after)]);
  if (before === undefined) return [];
  const lost = way.lost === undefined ? [] : [way.lost];
  if (change.type === 'deleted') {
    const rights = ['its grants come back by the undo of the grants of its schema'];
    return commands(change, [before], /function|procedure|view|sequence/.test(change.ref.kind) ? [...lost, ...rights] : lost);
  }
  if (after === undefined) return [];
  if (typeof way.modified === 'function') {
    const statement = way.modified(before, id);
    return typeof statement === 'string'
      ? commands(change, [statement + uncommented(before, after)], lost)
      : commands(change, statement, lost);
  }
  const dropped = way.modified === 'drop' || isOtherShape(before, after) ? `${way.drop(id, after)}\n` : '';
  return commands(change, [dropped + before + uncommented(before, after)], dropped === '' ? [] : lost);
};

/** What a routine returns, and its parameters' names, change only with a new one. */
function isOtherShape(before: string, after: string): boolean {
  const shape = (text: string) =>
    [/^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) .*$/m.exec(text)?.[0], /^ RETURNS .*$/m.exec(text)?.[0]].join('\n');
  return shape(before) !== shape(after);
}

function uncommented(before: string, after: string): string {
  const comment = /^COMMENT ON .+? IS (?= ?E?')/m;
  const added = comment.exec(after)?.[0];
  return added === undefined || comment.test(before) ? '' : `${added}NULL;\n`;
}
