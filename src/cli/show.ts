/** `drifttrail show`: one commit or one finding in full. */
import { DrifttrailError } from '../errors.ts';
import { withParts } from '../model.ts';
import type { Deployment } from '../deployment.ts';
import { clean } from '../report/clean.ts';
import type { ReportData } from '../report/contract.ts';
import { type Entry, findingById, history, isFindingId, pathOf } from '../questions/findings.ts';
import { examples } from './help.ts';
import { drawPatch } from './patch.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session, textOptions, typedPath } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
  readonly patch?: boolean;
}

export const show: Registration = (self, session) => {
  self
    .argument('<commit|finding>', 'a commit (any beginning of its sha, HEAD) or a finding (f-…)')
    .addHelpText(
      'before',
      examples(
        ['drifttrail show f-0123456789ab', 'a finding: what, who, why it matters, the diff'],
        ['drifttrail show HEAD', 'the last snapshot that changed something'],
      ),
    )
    .option('--json', 'the findings as JSON')
    .option('--no-patch', 'leave out the diff')
    .action(async (target: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      const entry = isFindingId(target) ? await onlyFinding(deployment, target) : await commitEntry(deployment, target);
      const window = { from: entry.findings[0]?.window.from ?? entry.commit.date, to: entry.findings[0]?.window.to ?? entry.commit.date };
      const report = { findings: entry.findings, gaps: [], unmapped: [], window, generatedAt: session.surroundings.now().toISOString() };
      if (options.json === true) {
        const { toContract } = await import('../report/contract.ts');
        await outJson(session, toContract(report));
        return;
      }
      await session.out(`commit ${entry.commit.sha}\ndate   ${entry.commit.date}\n\n${clean(entry.commit.subject)}\n`);
      await session.out(await textOf(report, session, deployment, isFindingId(target)));
      if (options.patch === false) return;
      const paths = withParts(entry.findings).flatMap((finding) => pathOf(finding) ?? []);
      // Of what stands in no file there is no patch; asked for none, git would give the whole commit's.
      if (isFindingId(target) && paths.length === 0) return;
      const patch = await deployment.store.patch(entry.commit.sha, isFindingId(target) ? paths : undefined);
      await session.out(
        `\n${drawPatch(patch, session, `git -C ${typedPath(deployment.store.dir)} show ${entry.commit.sha.slice(0, 12)}`)}`,
      );
    });
};

async function textOf(report: ReportData, session: Session, { kinds }: Deployment, oneFinding: boolean): Promise<string> {
  const { renderDetails, renderText } = await import('../report/text.ts');
  const [only] = report.findings;
  if (only === undefined) return 'No findings: what is seen for the first time is a baseline, not a change.\n';
  return oneFinding ? renderDetails(only, textOptions(session, kinds)) : renderText(report, textOptions(session, kinds));
}

async function onlyFinding(deployment: Deployment, id: string): Promise<Entry> {
  const { commit, finding } = await findingById(deployment, id);
  return { commit, findings: [finding] };
}

async function commitEntry(deployment: Deployment, target: string): Promise<Entry> {
  const { sha } = await deployment.store.info(target);
  for await (const entry of history(deployment, { ref: sha, max: 1 })) return entry;
  throw new DrifttrailError({
    code: 'commit-unknown',
    message: `there is no commit ${target}`,
    remedy: 'drifttrail log lists the commits',
  });
}
