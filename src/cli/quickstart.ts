/** `drifttrail quickstart`: the embedded default; a real deployment in ./demo, with something to see in it. */
import { examples } from './help.ts';
import type { Registration } from './session.ts';

export const quickstart: Registration = (self, session) => {
  self
    .argument('[dir]', 'where the demo is made', 'demo')
    .description(
      'Makes a deployment in ./demo, snapshots this machine for real, and replays a recorded AWS account in which somebody experimented with routes. Repeating it snapshots again; it never deletes anything.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail quickstart', 'nothing leaves this machine, no credentials are needed'],
        ['drifttrail quickstart --aws', 'your own AWS account instead of the recording, with the credentials at hand'],
      ),
    )
    .option('--aws', 'read your own AWS account instead of the recorded one')
    .action(async (dir: string, options: { aws?: boolean }) => {
      const { runQuickstart } = await import('./quickstart-run.ts');
      session.exit(await runQuickstart(dir, options.aws === true, session));
    });
};
