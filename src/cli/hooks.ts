import { examples } from './help.ts';
import type { TestReceipt } from './hooks-test.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
  readonly server?: string;
}

export const hooks: Registration = (self, session) => {
  const group = self.addHelpText(
    'before',
    examples(
      ['drifttrail hooks test', 'sends a test message through every hook'],
      ['drifttrail hooks retry', 'sends again what outlets refused'],
      ['drifttrail hooks install', 'writes the git hooks of snapshots/'],
    ),
  );

  group
    .command('test')
    .argument('[hook]', 'only the hook of this name, or all with this `use`')
    .summary('send a test message')
    .addHelpText('before', examples(['drifttrail hooks test slack', 'only this one']))
    .option('--json', 'print the receipts as JSON')
    .action(async (only: string | undefined, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ testHooks }, deployment] = await Promise.all([import('./hooks-test.ts'), openDeployment(session, options)]);
      const receipts = await testHooks(deployment, only, session.signal);
      if (options.json === true) await outJson(session, { schemaVersion: 1, receipts });
      else await session.out(receipts.map(lineOf).join('\n'));
      session.exit(receipts.every(({ status }) => status === 'delivered') ? 0 : 1);
    });

  group
    .command('retry')
    .argument('[hook]', 'only the hook of this name, or all with this `use`')
    .summary('send again what an outlet refused or never took')
    .addHelpText('before', examples(['drifttrail hooks retry slack', 'after it was mended; drifttrail doctor lists what it refused']))
    .option('--json', 'print what was delivered as JSON')
    .action(async (only: string | undefined, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ retryDead }, deployment] = await Promise.all([import('./hooks-retry.ts'), openDeployment(session, options)]);
      const outcome = await retryDead(deployment, only, { signal: session.signal, problem: session.say });
      if (options.json === true) await outJson(session, { schemaVersion: 1, ...outcome });
      else
        await session.out(
          `${outcome.revived} to send again: ${outcome.delivered} delivered, ${outcome.waiting} waiting, ${outcome.dead} given up`,
        );
      session.exit(outcome.dead === 0 ? 0 : 1);
    });

  group
    .command('install')
    .summary('write the git hooks; a hook of your own is kept and called first')
    .addHelpText(
      'before',
      examples(
        ['drifttrail hooks install', 'post-commit in snapshots/'],
        ['drifttrail hooks install --server /srv/git/snapshots.git', 'post-receive in a central bare repository'],
      ),
    )
    .option('--server <folder>', 'a bare repository on this machine that receives pushes')
    .option('--json', 'print what was written as JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ installHooks }, deployment] = await Promise.all([import('./hooks-install.ts'), openDeployment(session, options)]);
      const { path, chained, changed } = installHooks(deployment, options.server);
      if (options.json === true)
        return outJson(session, { schemaVersion: 1, written: changed ? [path] : [], path, chained: chained ?? null });
      await session.out(`${path}${changed ? '' : ' (was there already)'}${chained === undefined ? '' : `\ncalls first: ${chained}`}`);
    });
};

function lineOf({ hook, status, detail, remedy }: TestReceipt): string {
  return `${hook}: ${status}${detail === '' ? '' : `: ${detail}`}${remedy === undefined ? '' : `; ${remedy}`}`;
}
