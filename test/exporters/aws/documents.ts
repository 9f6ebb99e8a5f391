/** The documents that answers become, kind by kind: answers told by hand, for fields that the emulator does not have. */
import { expect } from 'vitest';
import type { Answer, Send } from '../../../exporters/_aws/api.ts';
import { collectAws } from '../../../exporters/aws/collect.ts';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Json } from '../../../src/model.ts';
import { normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

const redactor = createRedactor(new Uint8Array(32));

/** The documents of one kind, as they would be written, by id. */
export async function documents(type: string, answers: Readonly<Record<string, Answer>>): Promise<Record<string, Json>> {
  const send: Send = async ({ operation }) => {
    const answer = answers[operation];
    if (answer === undefined) throw new Error(`nobody told the answer of ${operation}`);
    return answer;
  };
  const only = awsKinds.filter((kind) => kind.type === type);
  const session = async () => ({
    account: async () => ({ id: '123456789012', caller: 'arn:aws:iam::123456789012:user/ann', globalRegion: 'us-east-1', send }),
    close: () => undefined,
  });
  const tested = { ...exporter, collect: (context: Parameters<typeof exporter.collect>[0]) => collectAws(context, only, session) };
  const deps = { surroundings: realSurroundings(), signal: new AbortController().signal, progress: () => undefined };
  const { gaps, resources } = await collect(tested, exporter.options.parse({ regions: ['eu-west-1'] }), deps);
  expect(gaps).toEqual([]);
  const kind = exporter.kinds[`aws.${type}`];
  if (kind === undefined) throw new Error(type);
  return Object.fromEntries(resources.map((resource) => [resource.ref.id, normalize(resource, kind, redactor).config as Json]));
}

/** Of the only item. */
export const one = async (type: string, answers: Readonly<Record<string, Answer>>): Promise<Json | undefined> =>
  Object.values(await documents(type, answers))[0];
