/** Reads the items of a JSON inventory. Put your system's calls in their place; what is kept is what it says of itself. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CollectContext, describeError, type Exporter, isObject, type Json, type Resource } from 'drifttrail';
import { z } from 'zod';

const options = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/)
    .describe('name of the inventory in the snapshots'),
  file: z.string().min(1).describe('JSON file with an array of items; relative to the deployment'),
});
type Options = z.infer<typeof options>;

const ITEM = 'template.item';

const exporter: Exporter<Options> = {
  name: 'template',
  summary: 'items of a JSON inventory',
  options,
  scopes: { root: 'template', depth: 2 },
  kinds: {
    [ITEM]: {
      format: 'json',
      title: 'item',
      // What differs at every reading without anybody's doing, with the sample that shows it.
      volatile: [{ path: '/lastSeen', because: 'each reading stamps it: "2026-11-21T13:17:01Z"' }],
      // Arrays whose order means nothing: sorted, or with `key` written as an object under that key.
      sets: [{ path: '/labels' }],
      secret: ['/adminPin'],
    },
  },
  rules: new URL('./rules/', import.meta.url),
  permissions: ['read the file'],
  collect,
};
export default exporter;

async function* collect(context: CollectContext<Options>): AsyncGenerator<Resource> {
  const { name, file } = context.options;
  const scope = `template/${name}`;
  let items: Json;
  try {
    items = JSON.parse(await readFile(resolve(context.dir, file), { encoding: 'utf8', signal: context.signal })) as Json;
  } catch (error) {
    // A failed answer is no empty answer: the items of last time stay as they are.
    context.gap({
      scope,
      kind: ITEM,
      reason: error instanceof SyntaxError ? 'invalid' : 'unreachable',
      detail: `${file}: ${describeError(error)}`,
    });
    return;
  }
  const found: readonly Json[] = Array.isArray(items) ? items : [];
  for (const item of found) {
    if (isObject(item) && typeof item.id === 'string') yield { ref: { scope, kind: ITEM, id: item.id }, config: item };
    else context.gap({ scope, kind: ITEM, reason: 'invalid', detail: `${file}: an item has no id` });
  }
  // Only now may the absence of an item be read as its deletion. A gap, said before or after, wins.
  if (Array.isArray(items)) context.complete(scope, ITEM);
  else context.gap({ scope, kind: ITEM, reason: 'invalid', detail: `${file} is no array` });
}
