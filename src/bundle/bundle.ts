/** State, history and diffs of one thing in one archive, for a ticket; from the history alone, so all of it is redacted already. */
import { gzipSync } from 'node:zlib';
import type { Deployment } from '../deployment.ts';
import type { Finding } from '../model.ts';
import { toContract } from '../report/contract.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Page } from '../report/page.ts';
import { minute, titlesOf } from '../report/words.ts';
import type { CommitInfo } from '../store/store.ts';
import { type TarFile, tar } from './tar.ts';

export interface BundleInput {
  /** What somebody asked for, as it was typed. */
  readonly about: string;
  /** The folder in the archive. */
  readonly folder: string;
  /** Files of the snapshots repository; `hosts/web01/` is all below it. */
  readonly paths: readonly string[];
  /** The commit whose state is told. */
  readonly commit: CommitInfo;
  /** Its history, newest first. */
  readonly history: readonly { readonly commit: CommitInfo; readonly findings: readonly Finding[] }[];
  /** There is older history, which was not asked for. */
  readonly cut: boolean;
  readonly page: Page | undefined;
  /** Bytes before compression. */
  readonly limit: number;
}

export interface Bundle {
  readonly bytes: Buffer;
  readonly files: number;
  /** Files and diffs that did not fit, and history that was not asked for, in words; empty when all are in. */
  readonly leftOut: readonly string[];
}

/** Of one state of the repository always the same bytes: no clock goes in. */
export async function bundleOf(deployment: Deployment, input: BundleInput): Promise<Bundle> {
  const { folder, commit, cut, history, limit, page } = input;
  const findings = history.flatMap((entry) => entry.findings);
  const oldest = history.at(-1)?.commit.date ?? commit.date;
  const report = { findings, gaps: [], unmapped: [], window: { from: oldest, to: commit.date }, generatedAt: commit.date, page };
  const titles = titlesOf(deployment.kinds);
  const told = textFile('report.md', renderMarkdown(report, { titles }));
  const room = { left: limit - told.bytes.length };
  const state = await stateFiles(deployment, input, room);
  // It repeats in data what the diffs say line by line, and more: the first to go.
  const data = textFile('report.json', `${JSON.stringify(toContract(report), null, 2)}\n`);
  const hasData = data.bytes.length <= room.left;
  if (hasData) room.left -= data.bytes.length;
  const diffs = await diffFiles(deployment, input, room);
  const tooLarge = [...state.leftOut, ...(hasData ? [] : ['report.json']), ...diffs.leftOut];
  const older = cut ? [`the history before ${minute(oldest)} UTC, beyond the newest ${history.length} (--most)`] : [];
  const files = [
    textFile('README.md', readme(input, findings.length, state.files.length, diffs.files.length, tooLarge, older)),
    told,
    ...(hasData ? [data] : []),
    ...state.files,
    ...diffs.files,
  ];
  const archive = tar(
    files.map((file) => ({ ...file, name: `${folder}/${file.name}` })),
    Math.floor(Date.parse(commit.date) / 1000),
  );
  return { bytes: gzipSync(archive, { level: 9 }), files: files.length, leftOut: [...tooLarge, ...older] };
}

interface Part {
  readonly files: readonly TarFile[];
  readonly leftOut: readonly string[];
}

async function stateFiles({ store }: Deployment, { commit, paths }: BundleInput, room: { left: number }): Promise<Part> {
  const wanted = [...(await store.tree(commit.sha))].filter(([path]) =>
    paths.some((one) => path === one || (one.endsWith('/') && path.startsWith(one))),
  );
  const files: TarFile[] = [];
  let missing = 0;
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const blobs = await store.read(new Set(batch.map(([, blob]) => blob)));
    for (const [path, blob] of batch) {
      const bytes = blobs.get(blob);
      if (bytes === undefined || bytes.length > room.left) missing++;
      else {
        room.left -= bytes.length;
        files.push({ name: `state/${path}`, bytes });
      }
    }
  }
  return { files, leftOut: missing === 0 ? [] : [`${missing} ${missing === 1 ? 'file' : 'files'} of the state`] };
}

/** The newest diffs first; what comes after one that does not fit is left out with it, so that no diff is missing in between. */
async function diffFiles({ store }: Deployment, { history, paths }: BundleInput, room: { left: number }): Promise<Part> {
  const files: TarFile[] = [];
  for (const [index, { commit }] of history.entries()) {
    const bytes = Buffer.from(await store.patch(commit.sha, paths));
    if (bytes.length > room.left)
      return { files, leftOut: [`the diffs of ${history.length - index} commits, from ${minute(commit.date)} UTC back`] };
    room.left -= bytes.length;
    const name = `diffs/${commit.date.slice(0, 19).replaceAll(':', '')}-${commit.sha.slice(0, 12)}.patch`;
    files.push({ name, bytes });
  }
  return { files, leftOut: [] };
}

const BATCH = 500;

function readme(
  { about, commit, cut, history, page }: BundleInput,
  findings: number,
  state: number,
  diffs: number,
  tooLarge: readonly string[],
  older: readonly string[],
): string {
  return [
    `# ${about}`,
    '',
    `State of ${minute(commit.date)} UTC (commit ${commit.sha}), from drifttrail.`,
    '',
    '| | |',
    '| --- | --- |',
    `| \`report.md\`, \`report.json\` | ${page === undefined ? '' : 'what it is, and '}${findings} findings of its history: who changed what, when, how sure |`,
    `| \`state/\` | ${state} files as they stood at that commit |`,
    `| \`diffs/\` | ${diffs} of ${cut ? 'the newest ' : ''}${history.length} commits that changed it, a patch each |`,
    '',
    ...(tooLarge.length + older.length === 0 ? ['Nothing was left out.'] : []),
    ...(tooLarge.length === 0 ? [] : [`Left out, since the archive would have grown too large: ${tooLarge.join('; ')}.`]),
    ...older.map((what) => `Left out, since only so many commits were asked for: ${what}.`),
    '',
    'Secrets were redacted before anything was recorded: `«redacted:hmac-sha256:…»` stands for one, equal ones for equal secrets.',
    'Names, addresses and configuration are not hidden: treat the archive as what it describes.',
    '',
  ].join('\n');
}

function textFile(name: string, text: string): TarFile {
  return { name, bytes: Buffer.from(text) };
}
