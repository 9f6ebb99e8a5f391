/** Finds the file of a resource by what people have in hand: its path or its id. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { withParts } from '../model.ts';
import { suggestion } from '../suggest.ts';
import { history, pathOf } from './findings.ts';

/** The path itself, or the one resource with that id, now or ever. Throws `resource-unknown` and `resource-ambiguous`. */
export async function resolvePath(deployment: Deployment, target: string): Promise<string> {
  const wanted = target.replace(/^\.?\/+/, '').replace(/^snapshots\//, '');
  if (wanted === '') throw unknown(target, []);
  const tip = await deployment.store.tip();
  const known = new Set(tip === null ? [] : (await deployment.store.tree(tip)).keys());
  if (known.has(wanted)) return wanted;
  // git refuses to look outside of its repository.
  const inside = !wanted.split('/').includes('..');
  if (inside) for await (const _ of deployment.store.log({ paths: [wanted], max: 1 })) return wanted;
  // A resource that is gone is known from its findings alone.
  for await (const { findings } of history(deployment, {})) for (const finding of withParts(findings)) known.add(pathOf(finding) ?? '');
  const ids = new Map(
    [...known].flatMap((path) => (deployment.layout.refOf(path) === undefined ? [] : [[path, deployment.layout.refOf(path)?.id ?? '']])),
  );
  const found = [...ids].filter(([, id]) => id === wanted || id === target).map(([path]) => path);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    throw new DrifttrailError({
      code: 'resource-ambiguous',
      message: `${target} stands for ${found.length} resources`,
      remedy: `name one of: ${found.sort().slice(0, 5).join(', ')}`,
    });
  }
  throw unknown(target, new Set(ids.values()));
}

function unknown(target: string, ids: Iterable<string>): DrifttrailError {
  return new DrifttrailError({
    code: 'resource-unknown',
    message: target === '' ? 'it is not said which resource' : `no resource ${target} was ever recorded here`,
    remedy: suggestion(target, ids, 'name a file of snapshots/ or an id; drifttrail coverage says what is watched'),
  });
}
