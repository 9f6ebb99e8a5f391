/** `drifttrail report`: the ranked findings of a span of time. */
import { Option } from 'commander';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, textOptions } from './session.ts';
import { parseWindow } from './time.ts';

interface Options extends GlobalOptions {
  readonly since: string;
  readonly until?: string;
  readonly format: 'text' | 'json' | 'markdown';
  readonly json?: boolean;
}

export const report: Registration = (self, session) => {
  self
    .addHelpText(
      'before',
      examples(
        ['drifttrail report', 'the last 24 hours'],
        ['drifttrail report --since 7d --format markdown', 'for the weekly meeting'],
        ['drifttrail report --since 2026-11-18T13:00Z --until 2026-11-18T18:00Z', 'Wednesday afternoon'],
        ["drifttrail report --json | jq '.findings[0]'", 'the worst, for a machine'],
      ),
    )
    .option('--since <time>', 'a duration before now (90m, 24h, 7d) or a UTC date or time', '24h')
    .option('--until <time>', 'the end of the span; default: now')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const window = parseWindow(options.since, options.until, session.surroundings.now());
      const [{ readReport }, deployment] = await Promise.all([import('../pipeline/report.ts'), openDeployment(session, options)]);
      const found = await readReport(deployment, { since: window.from, until: window.to });
      const format = options.json === true ? 'json' : options.format;
      if (format === 'json') await outJson(session, (await import('../report/contract.ts')).toContract(found));
      else if (format === 'markdown')
        await session.out((await import('../report/markdown.ts')).renderMarkdown(found, textOptions(session, deployment.kinds)));
      else await session.out((await import('../report/text.ts')).renderText(found, textOptions(session, deployment.kinds)));
    });
};
