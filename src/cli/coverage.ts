/** `drifttrail coverage`: what is watched, how old it is, what cannot be read, and what nobody watches. */
import { clean } from '../report/clean.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { type CoverageRow, coverageRows } from '../questions/coverage-rows.ts';
import { type Unwatched, unwatched } from '../questions/coverage-unwatched.ts';
import { describeAge, parseDuration } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly maxAge: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export const coverage: Registration = (self, session) => {
  self
    .addHelpText('before', examples(['drifttrail coverage', 'one line a scope'], ['drifttrail coverage --all', 'one line a kind']))
    .option('--max-age <duration>', 'older than this is stale', '24h')
    .option('--all', 'every kind of every scope')
    .option('--json', 'print JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const maxAge = parseDuration(options.maxAge);
      const deployment = await openDeployment(session, options);
      const [rows, missed] = await Promise.all([
        coverageRows(deployment, session.surroundings.now(), maxAge),
        unwatched(deployment, session.signal),
      ]);
      if (options.json === true) {
        await outJson(session, { schemaVersion: 1, coverage: rows, unwatched: missed });
        return;
      }
      const blocks = [
        rows.length === 0 ? 'nothing was read yet: drifttrail snapshot' : table(options.all === true ? rows : worstByScope(rows)),
        ...(missed.length === 0 ? [] : [unwatchedText(missed, options.all === true)]),
      ];
      await session.out(blocks.join('\n\n'));
    });
};

const MOST = 20; // lines

function unwatchedText(missed: readonly Unwatched[], all: boolean): string {
  const shown = all ? missed : missed.slice(0, MOST);
  const lines = shown.map(({ title, id, aliases, scope, seenIn }) =>
    clean(
      `not watched  ${scope === null ? seenIn : scope}  ${title} ${id}${aliases.length === 0 ? '' : ` (${aliases.filter((name) => !name.startsWith('SHA256:')).join(', ')})`}`,
    ),
  );
  if (shown.length < missed.length) lines.push(`… and ${missed.length - shown.length} more: drifttrail coverage --all`);
  const hashed = missed.some(({ title }) => title.includes('hashed'));
  return [
    ...lines,
    'They exist, and no snapshot is named after them or their addresses. Read them with `use: host`, and that name.',
    ...(hashed ? ['Of a hashed name is known only that no watched host has it, nor its key: ssh-keygen -F <name> tells whose it is.'] : []),
  ].join('\n');
}

const ORDER: readonly CoverageRow['status'][] = ['unreadable', 'stale', 'complete'];
/** Of those that are complete, one that lacks a single thing comes first. */
const badness = ({ status, gap }: CoverageRow) => ORDER.indexOf(status) + (gap === null ? 0.5 : 0);

/** The worst kind of each scope stands for it. */
function worstByScope(rows: readonly CoverageRow[]): CoverageRow[] {
  const worst = new Map<string, CoverageRow>();
  const total = new Map<string, number>();
  for (const row of rows) {
    total.set(row.scope, (total.get(row.scope) ?? 0) + row.resources);
    const known = worst.get(row.scope);
    if (known === undefined || badness(row) < badness(known)) worst.set(row.scope, row);
  }
  return [...worst.values()].map((row) => ({
    ...row,
    kind: row.status === 'complete' && row.gap === null ? '' : row.kind,
    resources: total.get(row.scope) ?? 0,
  }));
}

function table(rows: readonly CoverageRow[]): string {
  const widest = (pick: (row: CoverageRow) => string) => Math.max(...rows.map((row) => pick(row).length));
  const scope = widest((row) => row.scope);
  const kind = widest((row) => row.kind);
  const head = `${'STATUS'.padEnd(10)}  ${'SCOPE'.padEnd(scope)}  ${(kind === 0 ? '' : 'KIND').padEnd(kind)}  ${'THINGS'}  LAST COMPLETE`;
  const lines = rows.map((row) => {
    const age = row.age === null ? 'never complete' : `${describeAge(row.age)} ago`;
    const why = row.gap === null ? '' : `  ${clean(`${row.gap.reason}: ${row.gap.detail}`)}`;
    return `${row.status.padEnd(10)}  ${row.scope.padEnd(scope)}  ${row.kind.padEnd(kind)}  ${String(row.resources).padStart(6)}  ${age}${why}`.trimEnd();
  });
  return [head, ...lines].join('\n');
}
