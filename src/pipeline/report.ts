/** The findings of a span of time, from the notes beside the commits. */
import type { Deployment } from '../deployment.ts';
import type { Finding, Gap } from '../model.ts';
import { isObject } from '../pointer.ts';
import { unnamedGap } from '../store/coverage.ts';
import type { CommitInfo } from '../store/log.ts';
import type { ReportData } from '../report/contract.ts';
import { compareFindings } from '../report/order.ts';
import { withAside } from './aside.ts';
import { addUp, readNotes } from './notes.ts';
import { isOfTrail, trailGaps } from './trail-findings.ts';
import { markUndone } from './undone.ts';
import type { Span } from './windows.ts';

export async function readReport(deployment: Deployment, query: { readonly since: string; readonly until: string }): Promise<ReportData> {
  const { store } = deployment;
  const window: Span = { from: query.since, to: query.until };
  const commits: CommitInfo[] = [];
  for await (const commit of store.log({ since: query.since, until: query.until })) commits.push(commit);
  // Writes that left no diff are noted at the commit that stood when they happened, which may be older.
  for await (const commit of store.log({ until: query.since, max: 1 }))
    if (!commits.some(({ sha }) => sha === commit.sha)) commits.push(commit);
  const notes = await readNotes(
    deployment,
    commits.map(({ sha }) => sha),
  );
  const inSpan = new Set(commits.filter(({ date }) => date >= floorSecond(window.from)).map(({ sha }) => sha));
  const findings = new Map<string, Finding>();
  for (const commit of commits.toReversed()) {
    for (const finding of notes.get(commit.sha)?.findings ?? [])
      if (belongs(finding, commit, inSpan, window)) findings.set(finding.id, finding);
  }
  return {
    generatedAt: deployment.surroundings.now().toISOString(),
    window,
    findings: (await withAside(deployment, markUndone([...findings.values()]))).sort(compareFindings),
    gaps: await currentGaps(deployment),
    unmapped: addUp(
      commits.flatMap(({ sha }, index) => {
        const note = notes.get(sha);
        // What stands longer than the span was written to in its last day.
        return [...(inSpan.has(sha) ? (note?.unmapped ?? []) : []), ...(inSpan.has(sha) || index === 0 ? (note?.quietUnmapped ?? []) : [])];
      }),
    ),
  };
}

function belongs(finding: Finding, commit: CommitInfo, inSpan: ReadonlySet<string>, window: Span): boolean {
  if (finding.transient === undefined && !isOfTrail(finding)) return inSpan.has(commit.sha);
  const times = isOfTrail(finding) ? [finding.window.to] : finding.attribution.events.map(({ time }) => time);
  return times.some((time) => Date.parse(time) >= Date.parse(window.from) && Date.parse(time) <= Date.parse(window.to));
}

/** What could not be read at the last try: from the coverage files of the tip, and of the trails. */
export async function currentGaps(deployment: Deployment): Promise<Gap[]> {
  const tip = await deployment.store.tip();
  return [...(tip === null ? [] : await gapsAt(deployment, tip)), ...trailGaps(deployment)];
}

/** What could not be read of the systems at the last try before a commit. */
export async function gapsAt({ store, layout }: Deployment, commit: string): Promise<Gap[]> {
  const files = [...(await store.tree(commit))].flatMap(([path, id]) => {
    const found = layout.coverageOf(path);
    return found === undefined ? [] : [{ id, scope: found.scope }];
  });
  const blobs = await store.read(files.map(({ id }) => id));
  return files.flatMap(({ id, scope }) => {
    const coverage: unknown = JSON.parse(Buffer.from(blobs.get(id) ?? '{}').toString('utf8'));
    if (!isObject(coverage)) return [];
    const whole =
      typeof coverage.status === 'string' && coverage.status !== 'complete'
        ? [{ scope, reason: coverage.status as Gap['reason'], detail: `the last reading of ${scope} was not complete` }]
        : [];
    const kinds = Object.entries(isObject(coverage.kinds) ? coverage.kinds : {}).flatMap(([kind, status]) =>
      status === 'complete'
        ? []
        : [{ scope, kind, reason: String(status) as Gap['reason'], detail: `the last reading of ${kind} in ${scope} was not complete` }],
    );
    const unnamed = Object.entries(isObject(coverage.unnamed) ? coverage.unnamed : {}).map(([kind, names]) =>
      unnamedGap(scope, kind, Array.isArray(names) ? names.map(String) : []),
    );
    return [...whole, ...kinds, ...unnamed];
  });
}

function floorSecond(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString();
}
