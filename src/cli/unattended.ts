/** Samples of what runs drifttrail unattended, with this installation's and this deployment's paths put in. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DrifttrailError } from '../errors.ts';
import { type Program, shippedProgram } from './shipped-program.ts';

type Quote = (word: string) => string;

const shellWord: Quote = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */
const systemdWord: Quote = (word) =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/** In a crontab an unquoted or quoted % ends the line: crontab(5). */
const cronWord: Quote = (word) => shellWord(word).replaceAll('%', '\\%');

const SAMPLES = {
  systemd: { file: 'systemd/drifttrail.service', quote: systemdWord },
  cron: { file: 'cron/drifttrail', quote: cronWord },
  cronjob: { file: 'kubernetes/cronjob.yaml', quote: shellWord },
} as const;

export type Form = keyof typeof SAMPLES;
export const FORMS = Object.keys(SAMPLES) as readonly Form[];

/** `dir`: the deployment, absolute; `user`: who runs it. @throws {DrifttrailError} `path-unfit`, `installation-broken` */
export function sample(form: Form, dir: string, user: string, program: Program = shippedProgram()): string {
  const { file, quote } = SAMPLES[form];
  const values: Readonly<Record<string, string>> = { NODE: program.node, CLI: program.cli, DIR: dir };
  return readSample(file)
    .replaceAll('@USER@', () => user)
    .replaceAll(/@(NODE|CLI|DIR)@/g, (_, key: string) => quote(oneLine(values[key] ?? '')));
}

/** Neither a crontab nor a unit file can carry a line break in a word. */
function oneLine(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  if (!/[\u0000-\u001f\u007f]/.test(path)) return path;
  throw new DrifttrailError({
    code: 'path-unfit',
    message: `${JSON.stringify(path)} has a control character, which no crontab and no unit file can hold`,
    remedy: 'move it to a folder with an ordinary name',
  });
}

/** deploy/ stands above src/ and above dist/src/. */
function readSample(file: string): string {
  const path = ['../../deploy/', '../../../deploy/'].map((up) => fileURLToPath(new URL(up + file, import.meta.url))).find(existsSync);
  if (path !== undefined) return readFileSync(path, 'utf8');
  throw new DrifttrailError({ code: 'installation-broken', message: `deploy/${file} is missing`, remedy: 'install drifttrail again' });
}
