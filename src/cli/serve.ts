/** `drifttrail serve`: the dashboard, for who has a browser and no terminal. */
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, type Registration, type Session } from './session.ts';

interface Options extends GlobalOptions {
  readonly listen: string;
  readonly token?: string;
  readonly json?: boolean;
}

export const serve: Registration = (self, session) => {
  self
    .description(
      'Reads only, but for acknowledgements. On 127.0.0.1 everybody on this machine may read; elsewhere a token is needed. SIGTERM ends it within ten seconds.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail serve', 'http://127.0.0.1:7080'],
        ['drifttrail serve --listen 127.0.0.1:0 --json', 'a free port; the address as JSON'],
        ['drifttrail serve --listen 0.0.0.0:7080 --token file:/run/secrets/drifttrail', 'for others, behind a proxy that speaks TLS'],
      ),
    )
    .option('--listen <address>', 'an IP address and a port', '127.0.0.1:7080')
    .option('--token <place>', 'env:NAME or file:PATH: what a reader must know; needed when others can reach the address')
    .option('--json', 'print the address as JSON once it answers')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ openDashboard }, { parseAddress }, { namedSecret }] = await Promise.all([
        import('../serve/server.ts'),
        import('../serve/listen-address.ts'),
        import('../config/secrets.ts'),
      ]);
      const address = parseAddress(options.listen);
      const { env } = session.surroundings;
      const token = options.token === undefined ? undefined : namedSecret(options.token, { env, dir: process.cwd() });
      await warnOfToken(session, options.token);
      const deployment = await openDeployment(session, options);
      const dashboard = await openDashboard(deployment, { address, token, problem: session.say });
      if (options.json === true) await session.out(JSON.stringify({ schemaVersion: 1, url: dashboard.url }));
      session.say(`the dashboard is at ${dashboard.url}${token === undefined ? '' : ', with the token'}; Ctrl-C ends it`);
      if (!session.signal.aborted)
        await new Promise<void>((resolve) => session.signal.addEventListener('abort', () => resolve(), { once: true }));
      await dashboard.close();
      session.exit(0);
    });
};

async function warnOfToken({ say }: Session, place: string | undefined): Promise<void> {
  if (place?.startsWith('file:') !== true) return;
  const file = place.slice(5);
  const mode = (await import('../config/exposed.ts')).exposedMode(file);
  if (mode !== undefined) say(`everybody on this machine can read the token in ${file} (mode ${mode}); chmod 600 ${file}`);
}
