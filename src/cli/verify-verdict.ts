/** What a check of integrity comes to: problems, what could not be checked, and what should be known. */

/** Times are UTC ISO 8601. */
export interface Problem {
  readonly what: string;
  readonly detail: string;
  /** The trail as it is configured. */
  readonly trail?: string;
  readonly account?: string;
  readonly region?: string;
  readonly key?: string;
  readonly commit?: string;
  readonly from?: string;
  readonly to?: string;
  /** The exact commands, where there are some. */
  readonly repair?: string;
}

export interface Verdict {
  readonly problems: readonly Problem[];
  readonly gaps: readonly string[];
  readonly notes: readonly string[];
  /** By what was checked: `commits`, `digests`, `log files`. */
  readonly checked: Readonly<Record<string, number>>;
}

const EXIT = { sound: 0, problems: 2, incomplete: 3 } as const;
type Status = keyof typeof EXIT;

function statusOf({ problems, gaps }: Verdict): Status {
  if (problems.length > 0) return 'problems';
  return gaps.length > 0 ? 'incomplete' : 'sound';
}

export function exitCodeOf(verdict: Verdict): number {
  return EXIT[statusOf(verdict)];
}

export function asJson(verdict: Verdict): object {
  return { schemaVersion: 1, status: statusOf(verdict), ...verdict };
}

export function asText(verdict: Verdict): string {
  const { problems, gaps, notes, checked } = verdict;
  const counts = Object.entries(checked).map(([things, count]) => `${count} ${things}`);
  const words: Record<Status, string> = {
    sound: 'sound',
    problems: `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}${gaps.length > 0 ? ', and not everything could be checked' : ''}`,
    incomplete: 'no problem found, but not everything could be checked',
  };
  return [
    ...problems.flatMap((problem) => [lineOf(problem), ...(problem.repair === undefined ? [] : [`    repair: ${problem.repair}`])]),
    ...gaps.map((gap) => `not checked: ${gap}`),
    ...notes.map((note) => `note: ${note}`),
    `${words[statusOf(verdict)]}: ${counts.length === 0 ? 'nothing' : counts.join(', ')} checked`,
  ].join('\n');
}

function lineOf({ what, detail, account, region, key, commit, from, to }: Problem): string {
  const where = [account, region, key ?? commit?.slice(0, 12)].filter((part) => part !== undefined).join(' ');
  const hours = from === undefined && to === undefined ? '' : ` (${from ?? '…'} to ${to ?? '…'})`;
  return `${what}: ${where === '' ? '' : `${where}${hours}: `}${detail}`;
}
