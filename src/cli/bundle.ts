/** `drifttrail bundle`: state, history and diffs of a host, a resource or a finding in one archive. */
import { writeFileSync } from 'node:fs';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { withParts } from '../model.ts';
import { type Entry, findingById, history, isFindingId, pathOf } from '../questions/findings.ts';
import { examples } from './help.ts';
import { parseCount } from './numbers.ts';
import { pageOf } from './report-page.ts';
import { resolvePath } from '../questions/resolve-path.ts';
import { recordedScopes } from '../questions/scopes.ts';
import { type GlobalOptions, openDeployment, type Registration } from './session.ts';

interface Options extends GlobalOptions {
  readonly output?: string;
  readonly most: number;
  readonly maxSize: number;
}

const MEGABYTE = 1_000_000;

interface Subject {
  readonly name: string;
  readonly paths: readonly string[];
  /** Of a finding: the state of its commit, not of today. */
  readonly entry?: Entry;
  readonly scope?: string;
}

export const bundle: Registration = (self, session) => {
  self
    .argument('<host|scope|path|finding>', 'web01, aws/111122223333, a file of the snapshots repository, the id of a resource, or f-…')
    .addHelpText(
      'before',
      examples(
        ['drifttrail bundle web01', 'a host: web01.tar.gz'],
        ['drifttrail bundle f-0123456789ab -o ticket-4711.tar.gz', 'a finding: the resource as it stood then, and its history'],
      ),
    )
    .option('-o, --output <file>', 'where to write it; - for stdout; default: <name>.tar.gz')
    .option('--most <n>', 'commits of its history, newest first', parseCount, 200)
    .option('--max-size <megabytes>', 'before compression; what does not fit is told in its README', parseCount, 50)
    .action(async (target: string, _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      const { name, paths, entry, scope } = await subjectOf(deployment, target);
      const commit = entry?.commit ?? (await deployment.store.info('HEAD'));
      const entries: Entry[] = [];
      for await (const one of history(deployment, {
        ref: commit.sha,
        paths: paths.map((path) => path.replace(/\/$/, '')),
        max: options.most + 1, // one more tells whether there is more
      })) {
        session.signal.throwIfAborted();
        const isAbout = (path: string | undefined) =>
          path !== undefined && paths.some((each) => path === each || (each.endsWith('/') && path.startsWith(each)));
        entries.push({
          commit: one.commit,
          findings: one.findings.filter((finding) => withParts([finding]).some((part) => isAbout(pathOf(part)))),
        });
      }
      const { bundleOf } = await import('../bundle/bundle.ts');
      const { bytes, files, leftOut } = await bundleOf(deployment, {
        about: target,
        folder: name,
        paths,
        commit,
        history: entries.slice(0, options.most),
        cut: entries.length > options.most,
        // Told by when it was read, not by how old that is now: the archive must not depend on the clock.
        page: scope?.startsWith('hosts/') === true ? await pageOf(deployment, scope, new Date(commit.date)) : undefined,
        limit: options.maxSize * MEGABYTE,
      });
      if (options.output === '-') process.stdout.write(bytes);
      else write(options.output ?? `${name}.tar.gz`, bytes);
      const left = leftOut.length === 0 ? '' : `; left out: ${leftOut.join('; ')}`;
      session.say(
        `${options.output ?? `${name}.tar.gz`}: ${files} files, ${bytes.length} bytes, ${Math.min(entries.length, options.most)} commits${left}`,
      );
    });
};

async function subjectOf(deployment: Deployment, target: string): Promise<Subject> {
  if (isFindingId(target)) {
    const { finding, commit, findings } = await findingById(deployment, target);
    const path = pathOf(finding);
    if (path === undefined) {
      throw new DrifttrailError({
        code: 'bundle-nothing',
        message: `${target} is about nothing that is recorded in a file`,
        remedy: `drifttrail show ${target} --json tells all of it`,
      });
    }
    return { name: finding.id, paths: [path], entry: { commit, findings } };
  }
  const wanted = target.replace(/\/+$/, '');
  const scopes = await recordedScopes(deployment);
  const within = (scope: string) => [...scopes].some((known) => `${known}/`.startsWith(`${scope}/`));
  const scope = [wanted, `hosts/${wanted}`].find(within);
  if (scope !== undefined) return { name: scope.slice(scope.indexOf('/') + 1).replaceAll('/', '-'), paths: [`${scope}/`], scope };
  const path = await resolvePath(deployment, target);
  return { name: path.slice(path.lastIndexOf('/') + 1), paths: [path] };
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes, { mode: 0o600 });
  } catch (cause) {
    throw new DrifttrailError({
      code: 'file-unwritable',
      message: `cannot write ${file}: ${(cause as NodeJS.ErrnoException).code}`,
      remedy: 'name a file in a folder that you may write to: -o <file>',
      cause,
    });
  }
}
