/** `drifttrail undo`: prints, and never runs, the commands that restore the state before a finding. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { nothingToUndo } from '../questions/undo.ts';
import { undoneText } from '../report/words.ts';
import { findingById, pathOf, whoDidIt } from '../questions/findings.ts';
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
      if (commands.length === 0) throw nothingToUndo(finding, commit.sha, deployment);
      await refuseTwice(deployment, commit.date, finding.id);
      if (options.json === true) await outJson(session, { schemaVersion: 1, finding: finding.id, path, commands });
      else await session.out(commands.join('\n'));
      const notes = commands.filter((line) => line.startsWith('#')).length;
      const what = notes === commands.length ? 'no command restores' : 'restores';
      const but = notes === 0 || notes === commands.length ? '' : ' but for what the lines with # say';
      const where = `${path ?? finding.id} as it was before ${finding.window.to}`;
      session.say(`${what} ${where}${but}; changed by ${whoDidIt(finding)}. Ask them first.`);
    });
};

/** What somebody put back since must not be put back once more. Throws `undo-done`. */
async function refuseTwice(deployment: Deployment, since: string, id: string): Promise<void> {
  const { readReport } = await import('../pipeline/report.ts');
  const { findings } = await readReport(deployment, { since, until: deployment.surroundings.now().toISOString() });
  const found = findings.find((finding) => finding.id === id);
  if (found?.undone === undefined) return;
  throw new DrifttrailError({
    code: 'undo-done',
    message: `${id} was ${undoneText(found)}`,
    remedy: `what it printed then stands in: drifttrail show ${id}`,
  });
}
