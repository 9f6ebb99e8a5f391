/** `drifttrail why`: the biography of one resource. */
import { type Finding, withParts } from '../model.ts';
import { clean, cut, wrap } from '../report/clean.ts';
import { findingJson } from '../report/contract.ts';
import { editText, effectEdit } from '../report/words.ts';
import { type Entry, history, pathOf, whoDidIt } from '../questions/findings.ts';
import { examples } from './help.ts';
import { resolvePath } from '../questions/resolve-path.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, typedPath } from './session.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

const MAX_EDITS = 10;

export const why: Registration = (self, session) => {
  self
    .argument('<path>', 'a file of the snapshots repository, or the id of a resource (rtb-0a1, etc/ssh/sshd_config)')
    .addHelpText(
      'before',
      examples(['drifttrail why rtb-0a1', 'by id'], ['drifttrail why hosts/web01/files/etc/ssh/sshd_config', 'by path']),
    )
    .option('--json', 'print JSON, an array of changes, newest first')
    .action(async (target: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      const path = await resolvePath(deployment, target);
      const rows: object[] = [];
      let count = 0;
      for await (const entry of history(deployment, { paths: [path] })) {
        if (session.closed() || session.signal.aborted) break;
        const findings = withParts(entry.findings).filter((finding) => pathOf(finding) === path);
        if (options.json === true)
          rows.push({
            commit: entry.commit.sha,
            date: entry.commit.date,
            subject: entry.commit.subject,
            findings: findings.map(findingJson),
          });
        else
          await session.out(
            `${count === 0 ? `${path}\n\n` : ''}${chapter(entry, findings, session.terminal ? session.width : Number.POSITIVE_INFINITY)}`,
          );
        count++;
      }
      if (options.json === true) await outJson(session, rows);
      session.say(
        `${count} ${count === 1 ? 'commit' : 'commits'}; the lines themselves: git -C ${typedPath(deployment.store.dir)} log -p -- '${path}'`,
      );
    });
};

/** Columns of a sentence, which names what it speaks of. */
const PHRASE = 400;

function chapter({ commit }: Entry, findings: readonly Finding[], width: number): string {
  const head = `${commit.date.slice(0, 16)}Z  ${commit.sha.slice(0, 10)}`;
  const lines = (text: string, indent = '    ') => wrap(text, width, `${indent}  `, indent);
  if (findings.length === 0) return [...lines(`${head}  ${clean(commit.subject)}`, ''), ''].join('\n');
  return findings
    .map((finding) => {
      const edits = finding.change?.edits ?? finding.transient?.effects.map(effectEdit) ?? [];
      const shown = edits.slice(0, MAX_EDITS).flatMap((edit) => lines(cut(editText(edit, finding.change?.readAs !== undefined), PHRASE)));
      if (edits.length > MAX_EDITS) shown.push(...lines(`and ${edits.length - MAX_EDITS} more: drifttrail show ${finding.id}`));
      const reasons = finding.reasons.flatMap((reason) => lines(`• ${cut(clean(reason), PHRASE)}`));
      return [...lines(`${head}  ${finding.level}  ${whoDidIt(finding)}  ${finding.id}`, ''), ...shown, ...reasons, ''].join('\n');
    })
    .join('\n');
}
