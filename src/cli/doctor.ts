/** `drifttrail doctor`: checks everything a run depends on and says the exact fix. */
import { examples } from './help.ts';
import { type GlobalOptions, outJson, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
  readonly offline?: boolean;
}

export const doctor: Registration = (self, session) => {
  self
    .description('Exit codes: 0 all well or warnings only, 1 something must be fixed.')
    .addHelpText(
      'before',
      examples(
        ['drifttrail doctor', 'before the first snapshot, and when something is odd'],
        ['drifttrail doctor --offline', 'ask no server'],
      ),
    )
    .option('--offline', 'leave out what needs the network')
    .option('--json', 'print JSON')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const { examine } = await import('./doctor-checks.ts');
      const results = await examine(options.dir, session.surroundings, {
        offline: options.offline === true,
        signal: session.signal,
        progress: session.progress,
      });
      const failed = results.filter(({ status }) => status === 'fail').length;
      if (options.json === true) await outJson(session, { schemaVersion: 1, ok: failed === 0, checks: results });
      else {
        const lines = results.flatMap(({ status, name, detail, fix }) => [
          `${status.padEnd(4)}  ${name}: ${detail}`,
          ...(fix === undefined ? [] : [`      fix: ${fix}`]),
        ]);
        await session.out([...lines, failed === 0 ? 'nothing must be fixed' : `${failed} to fix`].join('\n'));
      }
      session.exit(failed === 0 ? 0 : 1);
    });
};
