/** `drifttrail events`: ranks raw audit events; needs no snapshot and no deployment. */
import { Option } from 'commander';
import { DrifttrailError } from '../errors.ts';
import type { Gap } from '../model.ts';
import { formatOf } from './format.ts';
import { examples } from './help.ts';
import { type GlobalOptions, outJson, type Registration, textOptions } from './session.ts';
import { parseWindow } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly since?: string;
  readonly until?: string;
  readonly all?: boolean;
  readonly format: 'text' | 'json' | 'ocsf';
  readonly json?: boolean;
}

export const events: Registration = (self, session) => {
  self
    .argument('[files...]', 'audit records: CloudTrail files, saved answers, folders, patterns; .json, .jsonl, .gz')
    .description(
      'Exit codes: 0 ok, 1 when nothing could be read, 3 when some records could not. Without files: the trails of the deployment, else the event history of the AWS credentials at hand.',
    )
    .addHelpText(
      'before',
      examples(
        ['drifttrail events trail/*.json.gz', 'what people did, most dangerous first'],
        ['drifttrail events --since 24h', 'from the trail itself'],
        ['drifttrail events --all trail/', 'reads and refused calls too'],
        ['drifttrail events --all --format ocsf trail/', 'for a SIEM: API Activity, an event a line'],
      ),
    )
    .option('--since <time>', 'a duration before now or a UTC date or time; default with files: everything, else 24h')
    .option('--until <time>', 'the end of the span')
    .option('--all', 'failed and read-only calls too, at level info')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'ocsf']).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (files: string[], _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const format = formatOf(command, options);
      const now = session.surroundings.now();
      const everything = files.length > 0 && options.since === undefined;
      const { from, to } = parseWindow(options.since ?? (everything ? '0001-01-01' : '24h'), options.until, now);
      const window = everything ? (options.until === undefined ? {} : { to }) : { from, to };
      const { rankedEvents } = await import('./events-rank.ts');
      const { report, calls, kinds, read } = await rankedEvents({ files, window, all: options.all === true, dir: options.dir, session });
      if (files.length > 0 && read === 0 && report.gaps.length > 0) throw nothingRead(report.gaps);
      const own = textOptions(session, kinds);
      if (format === 'json') await outJson(session, (await import('../report/contract.ts')).toContract(report));
      else if (format === 'ocsf') {
        const [{ activityLines }, { version }] = await Promise.all([import('../report/ocsf-activity.ts'), import('../version.ts')]);
        // Of millions of events no text holds them all.
        for (const line of activityLines(report.findings, calls, { ...own, version: version() })) await session.write(line);
      } else await session.out((await import('../report/text.ts')).renderText(report, own));
      if (report.gaps.length > 0)
        session.say(`${report.gaps.length} files or records could not be read; they are named in the gaps of the report`);
      session.exit(report.gaps.length > 0 ? 3 : 0);
    });
};

/** The details name file, line and remedy. */
function nothingRead(gaps: readonly Gap[]): DrifttrailError {
  const details = [...new Set(gaps.map(({ detail }) => detail))];
  const more = details.length > 1 ? ` (and ${details.length - 1} more like it)` : '';
  return new DrifttrailError({ code: 'events-unreadable', message: `${details[0] ?? ''}${more}` });
}
