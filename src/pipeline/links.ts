/** Addresses of the dashboard's pages, for whoever tells of findings from elsewhere. */
import type { Finding } from '../model.ts';

/** Where to read on about findings of one commit: their page where the dashboard has an address, else the command. */
export function linkTo(
  baseUrl: string | undefined,
  findings: readonly Pick<Finding, 'id' | 'commit'>[],
  commit: string | null = findings[0]?.commit ?? null,
): string {
  const [first] = findings;
  if (baseUrl === undefined) return `drifttrail show ${commit === null ? (first?.id ?? 'HEAD') : commit.slice(0, 12)}`;
  // One click less: a commit of one finding has nothing else to show.
  return commit === null || findings.length === 1 ? `${baseUrl}${findingPath(first?.id ?? '')}` : `${baseUrl}${commitPath(commit)}`;
}

/** The same for all that a digest tells, since a time. */
export function linkSince(baseUrl: string | undefined, from: string): string {
  return baseUrl === undefined ? `drifttrail report --since ${from.slice(0, 10)}` : `${baseUrl}/`;
}

/** The same for what changed before a moment. */
export function linkBefore(baseUrl: string | undefined, from: string, at: string): string {
  const seconds = Math.round((Date.parse(at) - Date.parse(from)) / 1000);
  if (baseUrl === undefined)
    return `drifttrail timeline --at ${at} --before ${seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`}`;
  return `${baseUrl}/?from=${encodeURIComponent(from)}&to=${encodeURIComponent(at)}`;
}

export function findingPath(id: string): string {
  return `/findings/${encodeURIComponent(id)}`;
}

export function commitPath(sha: string): string {
  return `/commits/${encodeURIComponent(sha.slice(0, 12))}`;
}
