/** `drifttrail init`: makes a deployment. Overwrites nothing and moves into nobody's repository. */
import { examples } from './help.ts';
import { type GlobalOptions, outJson, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

export const init: Registration = (self, session) => {
  self
    .argument('[dir]', 'the folder to make; default: --dir')
    .addHelpText('before', examples(['drifttrail init ops', 'a deployment in ./ops that watches this machine']))
    .option('--json', 'print what was made as JSON')
    .action(async (dir: string | undefined, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const { makeDeployment } = await import('./deployment-files.ts');
      const { configTemplate } = await import('./config-template.ts');
      const made = await makeDeployment(dir ?? options.dir, configTemplate(), session.surroundings);
      if (options.json === true) await outJson(session, { schemaVersion: 1, ...made });
      else await session.out(made.files.join('\n'));
      session.say(
        `made ${made.dir}; next: edit ${made.files[0]}, then drifttrail --dir ${made.dir} doctor, then drifttrail --dir ${made.dir} snapshot`,
      );
    });
};
