/** `drifttrail timeline`: it broke at some moment; what changed before, the most suspicious first. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { type Finding, kindNamed } from '../model.ts';
import type { Closeness } from '../pipeline/closeness.ts';
import type { Suspect } from '../pipeline/timeline.ts';
import { examples } from './help.ts';
import { parseCount } from './numbers.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, textOptions } from './session.ts';
import { describeAge, parseDuration, parseMoment } from './time.ts';

interface Options extends GlobalOptions {
  readonly at: string;
  readonly before: string;
  readonly near?: string;
  readonly max: number;
  readonly json?: boolean;
}

export const timeline: Registration = (self, session) => {
  self
    .addHelpText(
      'before',
      examples(
        ['drifttrail timeline --at 2026-11-19T09:10Z', 'builds stopped then: what changed in the six hours before'],
        ['drifttrail timeline --at 20m --near web01', 'it broke 20 minutes ago, and web01 is where it shows'],
        ['drifttrail timeline --at now --before 2d --near subnet-0a1', 'look further back'],
      ),
    )
    .requiredOption('--at <time>', 'when it broke: a UTC date or time, a duration ago, or now')
    .option('--before <duration>', 'how far to look back', '6h')
    .option('--near <what>', 'what is broken: an id, a name, an address, a host')
    .option('--max <count>', 'at most so many', parseCount, 20)
    .option('--json', 'print JSON: the findings of the report with when, how near and how suspicious')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const at = parseMoment(options.at, session.surroundings.now()).toISOString();
      const from = new Date(Date.parse(at) - parseDuration(options.before)).toISOString();
      const [{ readReport }, { suspects }, deployment] = await Promise.all([
        import('../pipeline/report.ts'),
        import('../pipeline/timeline.ts'),
        openDeployment(session, options),
      ]);
      // A snapshot may come hours after what it shows, and windows may begin long before.
      const until = session.surroundings.now().toISOString();
      const { findings, gaps } = await readReport(deployment, { since: from, until });
      const near = options.near === undefined ? undefined : await nearness(deployment, options.near, findings);
      const found = suspects(findings, at, from, near);
      if (options.json === true) {
        const { findingJson } = await import('../report/contract.ts');
        const rows = found.slice(0, options.max).map(({ finding, ...rest }) => ({
          ...findingJson(finding),
          happened: rest.time,
          before: rest.before,
          suspicion: rest.suspicion,
          closeness: rest.closeness ?? null,
        }));
        await outJson(session, { schemaVersion: 1, at, from, near: options.near ?? null, findings: rows, gaps });
        return;
      }
      const { renderFinding } = await import('../report/text.ts');
      const text = textOptions(session, deployment.kinds);
      const blocks = found.slice(0, options.max).map((suspect) => [heading(suspect), ...renderFinding(suspect.finding, text)].join('\n'));
      if (blocks.length === 0) blocks.push(`Nothing is known to have changed in the ${options.before} before ${at.slice(0, 16)}Z.`);
      if (found.length > options.max) blocks.push(`… and ${found.length - options.max} less suspicious; see them: --max ${found.length}`);
      if (gaps.length > 0) blocks.push(`${gaps.length} ${gaps.length === 1 ? 'place' : 'places'} could not be read: drifttrail coverage`);
      await session.out(blocks.join('\n\n'));
    });
};

function heading({ before, time, suspicion, closeness, finding }: Suspect): string {
  const sure = finding.attribution.status === 'attributed';
  const near =
    closeness === undefined
      ? ''
      : closeness >= 1
        ? ', the very thing'
        : closeness >= 0.4
          ? ', close to it'
          : closeness > 0
            ? ', in its neighbourhood'
            : '';
  return `${sure ? '' : 'at most '}${describeAge(before)} before (${time.slice(11, 16)}Z)${near} · suspicion ${suspicion}`;
}

/** Over what stands now, and what the findings say stood before. @throws {DrifttrailError} `resource-unknown` */
async function nearness(deployment: Deployment, near: string, findings: readonly Finding[]): Promise<Closeness> {
  const [{ closenessTo }, { parse }] = await Promise.all([import('../pipeline/closeness.ts'), import('../normalize/normalize.ts')]);
  const { store, layout, kinds } = deployment;
  const tip = await store.tip();
  const tree = tip === null ? new Map<string, string>() : await store.tree(tip);
  const known = [...tree].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    const kind = ref === undefined ? undefined : kindNamed(kinds, ref.kind);
    return ref === undefined || kind === undefined ? [] : [{ path, ref, kind, blob }];
  });
  const blobs = await store.read(known.filter(({ kind }) => kind.format !== 'text').map(({ blob }) => blob));
  const things = known.map(({ ref, kind, blob }) => {
    const bytes = blobs.get(blob);
    return { ref, config: bytes === undefined ? null : parse(bytes, kind) };
  });
  const gone = findings.flatMap(({ change }) =>
    change === undefined ? [] : [{ ref: change.ref, config: change.before ?? change.edits.map(({ before }) => before) }],
  );
  const byPath = known.find(({ path }) => path === near)?.ref.id;
  const found = closenessTo(byPath ?? near, [...things, ...gone]);
  if (found !== undefined) return found;
  throw new DrifttrailError({
    code: 'resource-unknown',
    message: `nothing that is recorded here is or mentions ${near}`,
    remedy: 'name an id, a name, an address or a host as it stands in the files of snapshots/, or leave --near out',
  });
}
