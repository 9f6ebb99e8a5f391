/** `drifttrail report`: the ranked findings of a span of time. */
import { Option } from 'commander';
import type { Deployment } from '../deployment.ts';
import { GROUPINGS, type Grouping } from '../report/group.ts';
import type { ReportData } from '../report/contract.ts';
import { filterReport } from '../report/filter.ts';
import type { SarifOptions } from '../report/sarif.ts';
import type { TextOptions } from '../report/text.ts';
import { contradiction, formatOf } from './format.ts';
import { examples } from './help.ts';
import { pageOf } from './report-page.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session, textOptions } from './session.ts';
import { requireScope } from '../questions/scopes.ts';
import { parseWindow } from '../questions/time.ts';

interface Options extends GlobalOptions {
  readonly since: string;
  readonly until?: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly actor?: string;
  readonly host?: string;
  readonly scope?: string;
  readonly groupBy?: Grouping;
}

const FORMATS = ['text', 'json', 'markdown', 'html', 'csv', 'sarif', 'ocsf'] as const;
type Format = (typeof FORMATS)[number];

const GROUPED: ReadonlySet<Format> = new Set(['text', 'json', 'markdown', 'html']);
/** Forms that have room for what a host is, beside what changed on it. */
const PAGES: ReadonlySet<Format> = new Set(['json', 'markdown', 'html']);

export const report: Registration = (self, session) => {
  self
    .addHelpText(
      'before',
      examples(
        ['drifttrail report', 'the last 24 hours'],
        ['drifttrail report --host web01 --since 7d', 'one machine'],
        ['drifttrail report --host web01 --format html > web01.html', 'all that is known of it, and what changed'],
        ['drifttrail report --actor alice --since 2h', 'what did I do just now?'],
        ['drifttrail report --since 7d --format markdown', 'for the weekly meeting'],
        ['drifttrail report --since 2026-11-18T13:00Z --until 2026-11-18T18:00Z', 'Wednesday afternoon'],
        ['drifttrail report --since 30d --format html > report.html', 'one page for who has no terminal'],
        ["drifttrail report --json | jq '.findings[0]'", 'the worst, for a machine'],
      ),
    )
    .option('--since <time>', 'a duration before now (90m, 24h, 7d) or a UTC date or time', '24h')
    .option('--until <time>', 'the end of the span; default: now')
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .option('--actor <name>', 'only what this person, role or ARN did')
    .addOption(
      new Option('--host <name>', 'only this host; as Markdown, HTML or JSON with what it is, what runs, who can log in').conflicts(
        'scope',
      ),
    )
    .option('--scope <scope>', 'only what stands below a scope, such as aws/123456789012')
    .addOption(new Option('--group-by <what>', 'what stands together; an account is also a host, a cluster, a server').choices(GROUPINGS))
    .option('--json', 'the same as --format json')
    .action(async (_own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const format = formatOf(command, options);
      requireGrouping(options, format);
      const window = parseWindow(options.since, options.until, session.surroundings.now());
      const [{ readReport }, deployment] = await Promise.all([import('../pipeline/report.ts'), openDeployment(session, options)]);
      const scope = options.host === undefined ? options.scope?.replace(/\/+$/, '') : `hosts/${options.host}`;
      const whole = await readReport(deployment, { since: window.from, until: window.to });
      const found = filterReport(whole, { actor: options.actor, scope });
      if (scope !== undefined && found.findings.length + found.gaps.length === 0) await requireScope(deployment, scope);
      const page =
        options.host !== undefined && scope !== undefined && PAGES.has(format)
          ? await pageOf(deployment, scope, session.surroundings.now())
          : undefined;
      const { unseenIn } = await import('../questions/looks.ts');
      const unseen = await unseenIn(deployment, window);
      const shown = {
        ...textOptions(session, deployment.kinds),
        ...(format === 'sarif' ? { scopeFile: await scopeFiles(deployment) } : {}),
      };
      await print({ ...found, groupBy: options.groupBy, page, unseen }, format, session, shown);
    });
};

/** The file that says how a scope was read: of several that might, the one that is there. */
async function scopeFiles({ store, layout }: Deployment): Promise<(scope: string) => string | undefined> {
  const tip = await store.tip();
  const there = tip === null ? new Map<string, string>() : await store.tree(tip);
  return (scope) => {
    const files = layout.coverageFor(scope);
    return files.find((file) => there.has(file)) ?? files[0];
  };
}

/** Tables for machines have no groups, and the page about a host has chapters of its own. */
function requireGrouping({ groupBy, host }: Options, format: Format): void {
  if (groupBy === undefined || format === 'json') return;
  if (!GROUPED.has(format)) throw contradiction('--group-by', `--format ${format}`, 'group it as text, markdown, html or json');
  if (host !== undefined && PAGES.has(format))
    throw contradiction('--group-by', `--host ${host} --format ${format}`, `write --scope hosts/${host} for its findings alone`);
}

/** Each form is loaded when it is asked for. */
async function print(
  found: ReportData,
  format: Format,
  session: Session,
  options: TextOptions & Pick<SarifOptions, 'scopeFile'>,
): Promise<void> {
  const { version } = await import('../version.ts');
  const own = { ...options, version: version() };
  switch (format) {
    case 'json':
      return outJson(session, (await import('../report/contract.ts')).toContract(found));
    case 'markdown':
      return session.out((await import('../report/markdown.ts')).renderMarkdown(found, own));
    case 'html':
      return session.out((await import('../report/html.ts')).renderHtml(found, own));
    case 'csv':
      return session.out((await import('../report/csv.ts')).renderCsv(found));
    case 'sarif':
      return outJson(session, (await import('../report/sarif.ts')).toSarif(found, own));
    case 'ocsf':
      return session.out((await import('../report/ocsf.ts')).renderOcsf(found, own));
    case 'text':
      return session.out((await import('../report/text.ts')).renderText(found, own));
  }
}
