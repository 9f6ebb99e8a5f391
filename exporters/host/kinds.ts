/** The kinds of a host: files, what is known beside their bytes, and one kind for each fact. */
import type { Kind } from 'drifttrail';
import { recorded } from './events/index.ts';
import { EVIDENCE } from './evidence.ts';
import { FACTS } from './facts/index.ts';
import { ownOf } from './own.ts';
import { restates } from './restates.ts';
import { undoFacts } from './undo.ts';
import { sightsOf } from './sights/recorded.ts';
import type { Undo } from '../_shared/members.ts';
import { note } from '../_shell/words.ts';
import { undoFile, undoMetadata } from './undo-files.ts';

const factKinds: [string, Kind][] = FACTS.map(({ kind, name, title, plural, collection, secret }) => [
  kind,
  {
    format: 'json',
    title,
    ...(plural === undefined ? {} : { plural }),
    location: { type: 'file', file: `facts/${name}.json` },
    collection: collection ?? true,
    ...(secret === undefined ? {} : { secret }),
    ...recorded[kind],
    ...(undoFacts[kind] === undefined ? {} : { undo: undoFacts[kind] }),
  } satisfies Kind,
]);

const declared: Readonly<Record<string, Kind>> = {
  'host.file': { format: 'text', title: 'file', location: { type: 'tree', folder: 'files' }, ...recorded['host.file'], undo: undoFile },
  'host.file-metadata': {
    format: 'json',
    title: 'file metadata',
    plural: 'file metadata',
    location: { type: 'folder', folder: 'facts/file-metadata' },
    collection: true,
    ...recorded['host.file-metadata'],
    undo: undoMetadata,
  },
  ...Object.fromEntries(factKinds),
};

/** Many machines, one terminal: what is pasted must not land on the wrong one. */
function onItsHost(undo: Undo): Undo {
  return (change, context) => {
    const lines = undo(change, context);
    return lines.length === 0 ? lines : [note(`as root on ${change.ref.scope.slice('hosts/'.length)}`), ...lines];
  };
}

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(declared).map(([name, kind]) => {
    const own = ownOf(name);
    const evidence = EVIDENCE[name];
    return [
      name,
      {
        ...kind,
        ...sightsOf[name],
        ...(evidence === undefined ? {} : { evidence }),
        ...(own === undefined ? {} : { own }),
        ...(restates[name] === undefined ? {} : { restates: restates[name] }),
        ...(kind.undo === undefined ? {} : { undo: onItsHost(kind.undo) }),
      },
    ];
  }),
);
