/** `drifttrail compare`: hosts, accounts, regions or any scopes side by side, each at its time. */
import { comparisonJson } from '../compare/contract.ts';
import { type Comparison, compareSides } from '../compare/compare.ts';
import type { SideName } from '../compare/side.ts';
import { renderComparison } from '../compare/text.ts';
import { DrifttrailError } from '../errors.ts';
import { examples } from './help.ts';
import { parseCount } from './numbers.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, textOptions } from './session.ts';
import { expectedIn, sidesOf } from './sides.ts';

interface Options extends GlobalOptions {
  readonly at?: string;
  readonly baseline?: string;
  readonly most: number;
  readonly json?: boolean;
}

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
      ),
    )
    .option('--at <time>', 'of sides that name no time: a duration before now, or a UTC date or time')
    .option('--baseline <side>', 'the side that the others are held against')
    .option('--most <n>', 'places of one resource that are printed', parseCount, 20)
    .option('--json', 'print JSON')
    .action(async (texts: string[], _own: unknown, command) => {
      const options: Options = command.optsWithGlobals();
      const deployment = await openDeployment(session, options);
      const sides = await sidesOf(texts, options.at, deployment);
      const baseline = options.baseline === undefined ? undefined : baselineOf(options.baseline, sides);
      const comparison = compareSides(sides, { kinds: deployment.kinds, baseline, isExpected: expectedIn(deployment) });
      if (options.json === true) await outJson(session, comparisonJson(comparison));
      else await session.out(renderComparison(comparison, { ...textOptions(session, deployment.kinds), most: options.most }));
      session.exit(exitCode(comparison));
    });
};

function exitCode({ differences, gaps }: Comparison): number {
  if (differences.length > 0) return 2;
  return gaps.length > 0 ? 3 : 0;
}

function baselineOf(text: string, sides: readonly SideName[]): string {
  const found = sides.find(({ name, scope }) => name === text || scope === text || scope.endsWith(`/${text}`));
  if (found !== undefined) return found.name;
  throw new DrifttrailError({
    code: 'side-unknown',
    message: `the baseline ${text} is none of the sides`,
    remedy: `name one of: ${sides.map(({ name }) => name).join(', ')}`,
  });
}
