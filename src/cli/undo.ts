/** `drifttrail undo`: prints, and never runs, the commands that restore the state before a finding. */
import { DrifttrailError } from '../errors.ts';
import { findingById, pathOf, whoDidIt } from './findings.ts';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

export const undo: Registration = (self, session) => {
  self
    .argument('<finding>', 'the id of a finding: f-…')
    .addHelpText(
      'before',
      examples(['drifttrail undo f-0123456789ab', 'read it'], ['drifttrail undo f-0123456789ab | sh', 'after reading it']),
    )
    .option('--json', 'print JSON')
    .action(async (id: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      const { commit, finding } = await findingById(deployment, id);
      const path = pathOf(finding);
      const commands = finding.undo ?? [];
      if (commands.length === 0) {
        throw new DrifttrailError({
          code: 'undo-unknown',
          message:
            finding.transient === undefined
              ? `no command is known that undoes ${finding.id}`
              : `${finding.id} left nothing to undo: it was done and undone between two snapshots`,
          ...(finding.change === undefined || finding.change.type === 'created' || path === undefined
            ? {}
            : { remedy: `the state before is: git -C ${deployment.store.dir} show ${commit.sha.slice(0, 12)}^:${path}` }),
        });
      }
      if (options.json === true) await outJson(session, { schemaVersion: 1, finding: finding.id, path, commands });
      else await session.out(commands.join('\n'));
      const notes = commands.filter((line) => line.startsWith('#')).length;
      const what = notes === commands.length ? 'no command restores' : 'restores';
      const but = notes === 0 || notes === commands.length ? '' : ' but for what the lines with # say';
      const where = `${path ?? finding.id} as it was before ${finding.window.to}`;
      session.say(`${what} ${where}${but}; changed by ${whoDidIt(finding)}. Ask them first.`);
    });
};
