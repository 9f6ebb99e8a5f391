/** `drifttrail init`: makes a deployment. Overwrites nothing and moves into nobody's repository. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { examples } from './help.ts';
import { type GlobalOptions, outJson, type Registration } from './session.ts';
import { FORMS, type Form, sample } from './unattended.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
  readonly print?: Form;
}

export const init: Registration = (self, session) => {
  self
    .argument('[dir]', 'the folder to make; default: --dir')
    .addHelpText(
      'before',
      examples(
        ['drifttrail init ops', 'a deployment in ./ops that watches this machine'],
        ['drifttrail init --print systemd ops', 'print a unit that runs it unattended; make nothing'],
      ),
    )
    .option('--json', 'print what was made as JSON')
    .addOption(new Option('--print <form>', 'make nothing, print a sample that runs the deployment unattended').choices(FORMS))
    .action(async (dir: string | undefined, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      if (options.print !== undefined) {
        await session.out(sample(options.print, resolve(dir ?? options.dir), userInfo().username));
        return;
      }
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
