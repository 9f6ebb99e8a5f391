/** `drifttrail attribute`: looks again for who made the changes of a span; also part of every snapshot. */
import { countStatuses } from '../questions/findings.ts';
import { examples } from './help.ts';
import { LOOK_BACK } from '../pipeline/notes.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';
import { parseWindow } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

export const attribute: Registration = (self, session) => {
  self
    .argument('[range]', 'a span such as 24h or 2026-11-18..2026-11-19', '24h')
    .description(
      'Reads the trails and writes who did what to the notes of the commits and to the branch attributed. Running it twice gives the same bytes. snapshot and daemon do it by themselves.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail attribute', 'the last 24 hours'],
        ['drifttrail attribute 7d', 'after a trail was configured or a permission granted'],
      ),
    )
    .option('--json', 'print counts as JSON')
    .action(async (range: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [since = range, until] = range.split('..');
      const window = parseWindow(since, until === '' ? undefined : until, session.surroundings.now());
      const [{ correlate }, { deriveAttributed }, { acquireLock }, deployment] = await Promise.all([
        import('../correlate.ts'),
        import('../attributed.ts'),
        import('../store/lock.ts'),
        openDeployment(session, options),
      ]);
      const lock = await acquireLock(deployment.stateDir, session.surroundings);
      try {
        const findings = await correlate(deployment, window, { signal: session.signal, progress: session.progress, problem: session.say });
        // What is older than a day was derived for good: an old span may have changed it.
        await deriveAttributed(deployment, { anew: Date.parse(window.from) < session.surroundings.now().getTime() - LOOK_BACK });
        const counts = countStatuses(findings);
        if (options.json === true) await outJson(session, { schemaVersion: 1, window, findings: findings.length, statuses: counts });
        else
          await session.out(
            Object.entries(counts)
              .map(([status, count]) => `${count} ${status}`)
              .join('\n') || 'no findings in this span',
          );
      } finally {
        await lock.release();
      }
    });
};
