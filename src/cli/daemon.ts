/** `drifttrail daemon`: snapshots on their schedules until it is told to stop. */
import { examples } from './help.ts';
import { parsePort } from './numbers.ts';
import { type GlobalOptions, openDeployment, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly healthPort?: number;
}

export const daemon: Registration = (self, session) => {
  self
    .description(
      'Runs in the foreground and logs to stderr. SIGTERM ends it cleanly within ten seconds. Its health is in state/health.json.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail daemon', 'under systemd, a container, or tmux'],
        ['drifttrail daemon --health-port 9109', 'http://127.0.0.1:9109/healthz answers 200 or 503'],
      ),
    )
    .option('--health-port <port>', 'serve /healthz on 127.0.0.1; 0 lets the system choose', parsePort)
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ runDaemon }, deployment] = await Promise.all([import('../schedule/daemon.ts'), openDeployment(session, options)]);
      await runDaemon(deployment, {
        signal: session.signal,
        say: (text) => session.say(`${session.surroundings.now().toISOString()} ${text}`),
        ...(options.healthPort === undefined ? {} : { healthPort: options.healthPort }),
      });
      session.exit(0);
    });
};
