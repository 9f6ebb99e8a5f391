/** `drifttrail coverage`: what is watched, how old it is, and what cannot be read. */
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { type CoverageRow, coverageRows } from './coverage-rows.ts';
import { describeAge, parseDuration } from './time.ts';

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
      const rows = await coverageRows(deployment, session.surroundings.now(), maxAge);
      if (options.json === true) await outJson(session, { schemaVersion: 1, coverage: rows });
      else
        await session.out(
          rows.length === 0 ? 'nothing was read yet: drifttrail snapshot' : table(options.all === true ? rows : worstByScope(rows)),
        );
    });
};

const ORDER: readonly CoverageRow['status'][] = ['unreadable', 'stale', 'complete'];

/** The worst kind of each scope stands for it. */
function worstByScope(rows: readonly CoverageRow[]): CoverageRow[] {
  const worst = new Map<string, CoverageRow>();
  const total = new Map<string, number>();
  for (const row of rows) {
    total.set(row.scope, (total.get(row.scope) ?? 0) + row.resources);
    const known = worst.get(row.scope);
    if (known === undefined || ORDER.indexOf(row.status) < ORDER.indexOf(known.status)) worst.set(row.scope, row);
  }
  return [...worst.values()].map((row) => ({
    ...row,
    kind: row.status === 'complete' ? '' : row.kind,
    resources: total.get(row.scope) ?? 0,
  }));
}

function table(rows: readonly CoverageRow[]): string {
  const widest = (pick: (row: CoverageRow) => string) => Math.max(...rows.map((row) => pick(row).length));
  const scope = widest((row) => row.scope);
  const kind = widest((row) => row.kind);
  return rows
    .map((row) => {
      const age = row.age === null ? 'never complete' : `${describeAge(row.age)} ago`;
      const why = row.gap === null ? '' : `  ${row.gap.reason}: ${row.gap.detail}`;
      return `${row.status.padEnd(10)}  ${row.scope.padEnd(scope)}  ${row.kind.padEnd(kind)}  ${String(row.resources).padStart(6)}  ${age}${why}`.trimEnd();
    })
    .join('\n');
}
