/** The sides of a comparison as people name them, loaded, and what the configuration expects to differ. */
import type { CompareOptions } from '../compare/compare.ts';
import { loadSide, type Side } from '../compare/documents.ts';
import { parseSides, type SideName } from '../compare/side.ts';
import type { IgnoreRule } from '../config/schema.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { kindNamed } from '../model.ts';
import { ruleFor } from '../pipeline/ignore.ts';
import { recordedScopes } from './scopes.ts';
import { parseMoment } from './time.ts';

/** `at` is for those that name no time. @throws {DrifttrailError} `side-alone`, `side-empty`, and those of `parseSides` */
export async function sidesOf(texts: readonly string[], at: string | undefined, deployment: Deployment): Promise<Side[]> {
  const { config, store, surroundings } = deployment;
  const groups = new Map(config.compare.groups.map((group) => [group.name, group.sides]));
  const names = parseSides(
    texts.flatMap((text) => groups.get(text) ?? [text]),
    await recordedScopes(deployment),
  );
  if (names.length < 2) {
    throw new DrifttrailError({
      code: 'side-alone',
      message: `${texts.join(' ')} is one side`,
      remedy: `name two or more, or two times: drifttrail compare ${names[0]?.scope ?? texts[0]}@24h ${names[0]?.scope ?? texts[0]}`,
    });
  }
  const now = surroundings.now();
  const sides: Side[] = [];
  for (const name of names) {
    const time = name.at ?? at;
    const until = time === undefined ? undefined : parseMoment(time, now).toISOString();
    let side: Side | undefined;
    for await (const commit of store.log({ max: 1, ...(until === undefined ? {} : { until }) }))
      side = await loadSide(name, commit, deployment);
    sides.push(side ?? notYet(name, until));
  }
  return sides;
}

/** What `compare.expect` of the configuration, and more rules like it, say today. */
export function expectedIn(
  { config, kinds, surroundings }: Deployment,
  more: readonly IgnoreRule[] = [],
): NonNullable<CompareOptions['isExpected']> {
  const today = surroundings.now().toISOString();
  const rules = [...config.compare.expect, ...more];
  return (place) => ruleFor(place, rules, kindNamed(kinds, place.kind)?.collection === true, today) !== undefined;
}

function notYet({ name, scope }: SideName, until: string | undefined): never {
  throw new DrifttrailError({
    code: 'side-empty',
    message: `${name}: nothing of ${scope} was recorded ${until === undefined ? 'in the newest snapshot' : `by ${until}`}`,
    remedy: `drifttrail log ${scope} says when it began`,
  });
}
