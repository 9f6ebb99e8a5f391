/** Members of a watched group that begin to differ, or agree again: findings of the commit that shows it, from its two trees. */
import canonical from 'fast-json-stable-stringify';
import { compareSides, type Comparison, type Difference } from '../compare/compare.ts';
import { loadSide, type Side } from '../compare/documents.ts';
import { parseSides } from '../compare/side.ts';
import { DrifttrailError } from '../errors.ts';
import { type Edit, type Finding, kindNamed } from '../model.ts';
import { pointer } from '../pointer.ts';
import type { CommitInfo } from '../store/log.ts';
import type { Tree } from './base.ts';
import { findingId } from './finding-id.ts';
import { ruleFor } from './ignore.ts';
import { type Judging, rankFinding } from './judge.ts';
import type { Span } from './windows.ts';

/** What no rule of the user's judges. */
const APART = { level: 'medium', score: 50 } as const;
const TOGETHER = { level: 'info', score: 10 } as const;

/**
 * Only of resources that the commit touched on a side: what differs because an expectation ran out, or cannot be seen for a
 * while, is no news of the commit's. A member that was not there before brings its differences along; `compare` tells them.
 */
export async function divergences(
  trees: { readonly before: Tree; readonly after: Tree },
  commit: CommitInfo,
  window: Span,
  judging: Judging,
): Promise<Finding[]> {
  const { deployment } = judging;
  const watched = deployment.config.compare.groups.filter(({ watch }) => watch);
  if (watched.length === 0 || commit.parent === null) return [];
  const changed = new Set(
    [...new Set([...trees.before.keys(), ...trees.after.keys()])].filter((path) => trees.before.get(path) !== trees.after.get(path)),
  );
  const scopes = new Set([...trees.before.keys()].flatMap((path) => deployment.layout.refOf(path)?.scope ?? []));
  const parent = { sha: commit.parent, date: commit.date };
  const found: Finding[] = [];
  for (const { name, sides } of watched) {
    const members = membersOf(sides, scopes);
    if (![...changed].some((path) => members.some(({ scope }) => path.startsWith(`${scope}/`)))) continue;
    const before = (await Promise.all(members.map((member) => loadSide(member, parent, deployment)))).filter((side) => side !== undefined);
    const after = (await Promise.all(members.map((member) => loadSide(member, commit, deployment)))).filter((side) => side !== undefined);
    const stayed = before.filter((side) => after.some((one) => one.name === side.name));
    if (stayed.length < 2) continue;
    const was = differencesOf(stayed, judging);
    const is = differencesOf(
      after.filter((side) => stayed.some((one) => one.name === side.name)),
      judging,
    );
    for (const key of [...new Set([...was.keys(), ...is.keys()])].sort()) {
      const [old, now] = [was.get(key), is.get(key)];
      const paths = [...(old?.paths ?? []), ...(now?.paths ?? [])];
      const moved = new Set(paths.flatMap(([side, path]) => (changed.has(path) ? [side] : [])));
      const finding = moved.size > 0 ? findingOf(name, [old, now], moved, commit, window, judging) : undefined;
      if (finding !== undefined) found.push(finding);
    }
  }
  return found;
}

/** Nothing while not all of a group's names stand for something; `doctor` and `compare` say why. */
function membersOf(sides: readonly string[], scopes: ReadonlySet<string>): ReturnType<typeof parseSides> {
  try {
    return parseSides(sides, scopes).filter(({ at }) => at === undefined);
  } catch (error) {
    if (error instanceof DrifttrailError && error.code.startsWith('side-')) return [];
    throw error;
  }
}

function differencesOf(sides: readonly Side[], { deployment, now }: Judging): Map<string, Difference> {
  const { kinds, config } = deployment;
  const found: Comparison = compareSides(sides, {
    kinds,
    isExpected: (place) => ruleFor(place, config.compare.expect, kindNamed(kinds, place.kind)?.collection === true, now) !== undefined,
  });
  return new Map(found.differences.map((difference) => [`${difference.kind} ${difference.id}`, difference]));
}

function findingOf(
  group: string,
  [was, is]: readonly [was: Difference | undefined, is: Difference | undefined],
  moved: ReadonlySet<string>,
  commit: CommitInfo,
  window: Span,
  judging: Judging,
): Finding | undefined {
  const [old, now] = [editsOf(was, moved), editsOf(is, moved)];
  const without = (edits: ReadonlyMap<string, Edit>, others: ReadonlyMap<string, Edit>) =>
    [...edits].filter(([key]) => !others.has(key)).map(([, edit]) => edit);
  const fresh = without(now, old);
  const gone = without(old, now).map(({ path, before, after }) => ({ path, before: after, after: before }));
  const one = is ?? was;
  const edits = fresh.length > 0 ? fresh : gone;
  if (edits.length === 0 || one === undefined) return undefined;
  const ref = { scope: `compare/${group}`, kind: 'compare.difference', id: `${one.kind} ${one.id}` };
  const apart = fresh.length > 0;
  const finding = rankFinding(
    {
      id: findingId([commit.trailers['Drifttrail-Run'] ?? commit.sha, 'compare', group, one.kind, one.id]),
      commit: commit.sha,
      change: { type: 'modified', ref, path: '', edits },
      window,
      attribution: { status: 'not-applicable', events: [], edits: {}, because: 'the change that did it is a finding of its own' },
    },
    judging,
  );
  const told = `${apart ? 'no longer the same on all of' : 'the same again on'} ${group}: ${[...new Set(edits.map(({ path }) => path.split('/')[1] ?? ''))].join(', ')}`;
  const isJudged = finding.rules.length > 0;
  return { ...finding, ...(isJudged ? {} : apart ? APART : TOGETHER), reasons: [told, ...(isJudged ? finding.reasons : [])] };
}

/**
 * By side that stands out and place, what most have and what it has. Without a majority, those that the commit changed
 * (`moved`) stand out from those that it did not.
 */
function editsOf(difference: Difference | undefined, moved: ReadonlySet<string>): Map<string, Edit> {
  const found = new Map<string, Edit>();
  for (const { path, groups, values, standard } of difference?.places ?? []) {
    const reference = standard ?? groups.find(({ sides }) => !sides.some((side) => moved.has(side))) ?? groups[0];
    for (const group of groups) {
      if (reference === undefined || group.sides === reference.sides) continue;
      for (const side of group.sides) {
        const edit = { path: `${pointer(side)}${path}`, before: reference.value, after: values.get(side) ?? null };
        found.set(canonical([side, path.replace(/^\/lines\/\d+$/, '/lines'), edit.before, edit.after]), edit);
      }
    }
  }
  return found;
}
