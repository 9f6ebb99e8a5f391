/** `drifttrail notify`: what the git hooks call after a commit; tells every hook what it has not been told. */
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

export const notify: Registration = (self, session) => {
  self
    .argument('<commit>', 'a commit of the snapshots repository')
    .addHelpText('before', examples(['drifttrail notify HEAD', 'nobody is told twice of one finding']))
    .option('--json', 'print what was delivered as JSON')
    .action(async (commit: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const [{ deliver, announce }, deployment] = await Promise.all([import('../outlets.ts'), openDeployment(session, options)]);
      const { sha } = await deployment.store.info(commit);
      await announce(deployment, sha);
      const outcome = await deliver(deployment, { signal: session.signal, problem: session.say });
      if (options.json === true) await outJson(session, { schemaVersion: 1, commit: sha, ...outcome });
      else await session.out(`${outcome.delivered} delivered, ${outcome.waiting} waiting, ${outcome.dead} given up`);
      if (deployment.hooks.length === 0)
        session.say('nobody is told: the deployment has no hooks; add one under hooks: in drifttrail.yaml');
    });
};
