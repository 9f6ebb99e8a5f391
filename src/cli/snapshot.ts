/** `drifttrail snapshot`: one run, from the systems to the commit. */
import type { RunResult } from '../run.ts';
import { clean, cut } from '../report/clean.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { optimizeLater } from './short-run.ts';

interface Options extends GlobalOptions {
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const snapshot: Registration = (self, session) => {
  self
    .description(
      'Reads every system of the deployment and commits what changed. Exit codes: 0 ok, 3 ok with gaps (something could not be read), 1 failed, 75 another run holds the lock.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail snapshot', 'all exporters of the deployment'],
        ['drifttrail snapshot --only aws', 'one of them'],
        ['drifttrail snapshot --dry-run', 'say what would be committed'],
      ),
    )
    .option('--only <exporters...>', 'run these exporters only, by their `use`')
    .option('--dry-run', 'collect and compare, write nothing')
    .option('--json', 'print the result as JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      optimizeLater();
      const [{ run, troublesOf }, deployment] = await Promise.all([import('../run.ts'), openDeployment(session, options)]);
      const { signal, progress } = session;
      const dryRun = options.dryRun === true;
      const result = await run(deployment, { ...(options.only === undefined ? {} : { only: options.only }), dryRun, signal, progress });
      for (const line of troublesOf(result)) session.say(line);
      if (options.json === true) await outJson(session, resultJson(result));
      else await session.out(summary(result, dryRun));
      session.exit(result.exitCode);
    });
};

/** Columns of a name, which may be anything. */
const NAME = 80;

/** One line a change, then what came of it. */
function summary({ changes, commit, gaps }: RunResult, dryRun: boolean): string {
  const lines = changes.map(
    (change) => `${change.type.padEnd(8)} ${change.path}${change.name === undefined ? '' : ` (${cut(clean(change.name), NAME)})`}`,
  );
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  const withGaps = gaps.length === 0 ? '' : `, ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`;
  const outcome = dryRun ? 'dry run, nothing written' : commit === null ? 'nothing to commit' : `commit ${commit.slice(0, 12)}`;
  return [...lines, `${count}${withGaps}: ${outcome}`].join('\n');
}

function resultJson({ commit, changes, findings, gaps, problems, exitCode }: RunResult): object {
  return {
    schemaVersion: 1,
    commit,
    changes: changes.map(({ type, path, ref, name }) => ({ type, path, resource: { ...ref, name: name ?? null } })),
    findings: findings.map(({ id, level, score }) => ({ id, level, score })),
    gaps,
    problems,
    exitCode,
  };
}
