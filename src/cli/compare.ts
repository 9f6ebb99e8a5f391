/** `drifttrail compare`: hosts, accounts, regions or any scopes side by side, each at its time. */
import { Option } from 'commander';
import { acceptedOf, withoutAccepted } from '../compare/accepted.ts';
import { type Comparison, compareSides } from '../compare/compare.ts';
import { DrifttrailError } from '../errors.ts';
import { baselineOf, readExpected, writeAccepted } from './compare-files.ts';
import { formatOf } from './format.ts';
import { examples } from './help.ts';
import { parseCount } from './numbers.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session, textOptions } from './session.ts';
import { expectedIn, sidesOf } from '../questions/sides.ts';

interface Options extends GlobalOptions {
  readonly at?: string;
  readonly baseline?: string;
  readonly saveBaseline?: string;
  readonly expect?: string;
  readonly most: number;
  readonly format: Format;
  readonly json?: boolean;
}

const FORMATS = ['text', 'json', 'markdown', 'html'] as const;
type Format = (typeof FORMATS)[number];

export const compare: Registration = (self, session) => {
  self
    .argument('<sides...>', 'hosts, scopes, patterns such as web*, groups of the configuration; each with @<time> if wanted')
    .description('Exit codes: 0 no difference, 1 error, 2 differences, 3 none found, but not everything could be read.')
    .addHelpText(
      'before',
      examples(
        ['drifttrail compare web01 web02', 'two hosts, without what is each one’s own'],
        ["drifttrail compare 'web*'", 'three and more: the majority, and who stands out'],
        ['drifttrail compare web01@7d web01', 'one host, then and now'],
        ['drifttrail compare aws/111122223333/eu-west-1 aws/111122223333/us-east-1', 'two regions, by the names of things'],
        ["drifttrail compare --baseline golden golden 'web*'", 'all against one'],
        ["drifttrail compare 'web*' --save-baseline web.yaml", 'this is how it may be'],
        ["drifttrail compare 'web*' --baseline web.yaml", 'and what differs otherwise since'],
      ),
    )
    .option('--at <time>', 'of sides that name no time: a duration before now, or a UTC date or time')
    .option('--baseline <side or file>', 'the side that the others are held against, or differences that were accepted')
    .addOption(new Option('--save-baseline <file>', 'accept what differs now: write it as YAML, or .json').conflicts('most'))
    .option('--expect <file>', 'more differences that are meant to be: a YAML list of kind, id, path, scope, reason, until')
    .option('--most <n>', 'places of one resource that are printed', parseCount, 20)
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (texts: string[], _own: unknown, command) => {
      const given: Options = command.optsWithGlobals();
      const options = { ...given, format: formatOf(command, given) };
      const deployment = await openDeployment(session, options);
      const sides = await sidesOf(texts, options.at, deployment);
      const { side, accepted } = options.baseline === undefined ? {} : baselineOf(options.baseline, sides);
      const now = session.surroundings.now().toISOString();
      const whole = compareSides(sides, {
        kinds: deployment.kinds,
        baseline: side,
        isExpected: expectedIn(deployment, options.expect === undefined ? [] : readExpected(options.expect)),
      });
      if (options.saveBaseline !== undefined) {
        if (whole.gaps.length > 0) throw unread(whole);
        const places = writeAccepted(options.saveBaseline, acceptedOf(whole, now));
        session.say(`${options.saveBaseline}: ${places} accepted ${places === 1 ? 'difference' : 'differences'}`);
        return;
      }
      const comparison = accepted === undefined ? whole : withoutAccepted(whole, accepted);
      await print(comparison, options, session, deployment.kinds);
      session.exit(exitCode(comparison));
    });
};

function exitCode({ differences, gaps }: Comparison): number {
  if (differences.length > 0) return 2;
  return gaps.length > 0 ? 3 : 0;
}

/** Nobody can accept what nobody has seen. */
function unread({ gaps }: Comparison): DrifttrailError {
  const [{ side, scope, kind, reason } = { side: '', scope: '', kind: undefined, reason: '' }] = gaps;
  return new DrifttrailError({
    code: 'compare-incomplete',
    message: `nothing was saved: ${side} could not be read completely (${kind ?? scope}: ${reason})`,
    remedy: 'drifttrail coverage says what is missing; take a snapshot once it can be read',
  });
}

/** Each form is loaded when it is asked for. */
async function print(comparison: Comparison, options: Options, session: Session, kinds: Parameters<typeof textOptions>[1]): Promise<void> {
  const own = textOptions(session, kinds);
  switch (options.format) {
    case 'json':
      return outJson(session, (await import('../compare/contract.ts')).comparisonJson(comparison));
    case 'markdown':
      return session.out((await import('../compare/markdown.ts')).comparisonMarkdown(comparison, own.titles ?? {}));
    case 'html':
      return session.out((await import('../compare/html.ts')).comparisonHtml(comparison, own.titles ?? {}));
    case 'text':
      return session.out((await import('../compare/text.ts')).renderComparison(comparison, { ...own, most: options.most }));
  }
}
