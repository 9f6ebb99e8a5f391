/** What undo prints, held against the model of the services, and run by a real shell with values that try to break out of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/aws/index.ts';
import { createLayout } from '../../../src/store/layout.ts';
import type { Change, Json, Ref } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';
import { parseCommand } from '../../aws/cli/arguments.ts';
import { runDry } from '../../aws/cli/dry-shell.ts';
import { UNPLAYABLE } from './unplayable.ts';

const EXPECTED = new URL('../../fixtures/aws/network-and-identities/expected/', import.meta.url).pathname;
const GIVEN = { PASSWORD: 'p', CODE1: '1', CODE2: '2' };
/** A line break, every kind of quote and expansion, and what a terminal would act on. */
const HOSTILE = `a'; touch pwned; "$(touch pwned)" \`touch pwned\` \\ ! * ~ # $PASSWORD \n\u001b[31m\u202e %s -x`;

interface Document {
  readonly ref: Ref;
  readonly config: Json;
}

const layout = createLayout([exporter]);
const documents = readdirSync(EXPECTED, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json') && path.startsWith('aws/'))
  .flatMap((path): Document[] => {
    const ref = layout.refOf(path);
    return ref === undefined ? [] : [{ ref, config: JSON.parse(readFileSync(join(EXPECTED, path), 'utf8')) as Json }];
  });

function undo(ref: Ref, before: Json | undefined, after: Json | undefined): readonly string[] {
  const type = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  const change: Change = {
    type,
    ref,
    path: 'x',
    edits: [],
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
  return exporter.kinds[ref.kind]?.undo?.(change, { before: () => undefined }) ?? [];
}

/** The same document with every text spoilt, and every key but those that say what a thing is. */
function spoilt(value: Json): Json {
  if (typeof value === 'string') return `${value}${HOSTILE}`;
  if (Array.isArray(value)) return value.map(spoilt);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [/^[a-zA-Z]+$/.test(key) ? key : `${key}${HOSTILE}`, spoilt(inner)]),
  );
}

/** In argv as the shell passed it on: alone or, escaped, inside of JSON. */
function carries(word: string): boolean {
  return (
    word.includes(HOSTILE) ||
    word.includes(JSON.stringify(HOSTILE).slice(1, -1)) ||
    !word.includes('pwned') ||
    parsed(word).includes(HOSTILE)
  );
}

function parsed(word: string): string {
  const texts: string[] = [];
  const start = word.search(/[[{]/);
  JSON.parse(word.slice(start), (key, value: unknown) => {
    texts.push(key, typeof value === 'string' ? value : '');
    return value;
  });
  return texts.join('\n');
}

describe('what is printed', () => {
  it('covers every kind by its fixture', () => {
    expect(new Set(documents.map(({ ref }) => ref.kind))).toEqual(new Set(Object.keys(exporter.kinds)));
  });

  it('is taken by the services, for whatever comes or goes', () => {
    const commands = documents.flatMap(({ ref, config }) => [...undo(ref, undefined, config), ...undo(ref, config, undefined)]);
    const { calls, left } = runDry(commands, GIVEN);
    expect(left).toEqual([]);
    expect(calls.length).toBeGreaterThan(100);
    for (const call of calls) expect(() => parseCommand(call), call.join(' ')).not.toThrow();
  });

  it('is one line each, whose notes mean nothing to any shell', () => {
    for (const { ref, config } of documents) {
      const spoiltRef = { ...ref, id: `${ref.id}${HOSTILE}` };
      const bad = spoilt(config);
      for (const command of [...undo(spoiltRef, undefined, bad), ...undo(spoiltRef, bad, undefined), ...undo(ref, config, bad)]) {
        expect(command).not.toMatch(/[\p{C}\u2028\u2029]/u);
        if (command.startsWith('#')) expect(command).toMatch(/^# [A-Za-z0-9 _@%+=:,./«»–-]+$/);
      }
    }
  });

  it('passes hostile values on as they are and runs none of them', () => {
    const commands = documents.flatMap(({ ref, config }) => {
      const bad = spoilt(config);
      const spoiltRef = { ...ref, id: `${ref.id}${HOSTILE}` };
      return [...undo(spoiltRef, undefined, bad), ...undo(spoiltRef, bad, undefined), ...undo(ref, bad, config), ...undo(ref, config, bad)];
    });
    const { calls, left } = runDry(commands, GIVEN);
    expect(left).toEqual([]);
    expect(calls.flat().filter((word) => word.includes('pwned')).length).toBeGreaterThan(200);
    expect(calls.flat().filter((word) => !carries(word))).toEqual([]);
  });
});

const EC2 = 'aws/123456789012/eu-west-1';
describe('what the emulator cannot play', () => {
  it.each(UNPLAYABLE)('%s: %s is asked of AWS in the right words', (type, _what, before, after, expected) => {
    const scope = type.startsWith('iam.') ? 'aws/123456789012/global' : EC2;
    const { calls } = runDry(undo({ scope, kind: `aws.${type}`, id: 'x' }, before, after), GIVEN);
    expect(calls.map((call) => parseCommand(call)).map(({ operation, input }) => [operation, input])).toEqual(expected);
  });
});

it('what is made anew is told by its new id wherever it names itself, and by nothing else’s', () => {
  const rules = { 'ingress all all sg-1': {}, 'ingress tcp 1 sg-12': {}, 'egress all all 0.0.0.0/0': {} };
  const commands = undo(
    { scope: EC2, kind: 'aws.ec2.security-group', id: 'sg-1' },
    { groupName: 'web', description: 'not sg-1x', rules, tags: {} },
    undefined,
  );
  const inputs = runDry(commands).calls.map((call) => parseCommand(call).input);
  expect(inputs).toMatchObject([
    { GroupName: 'web', Description: 'not sg-1x' },
    { GroupId: 'new-id', IpPermissions: [{ UserIdGroupPairs: [{ GroupId: 'new-id' }] }] },
    { GroupId: 'new-id', IpPermissions: [{ UserIdGroupPairs: [{ GroupId: 'sg-12' }] }] },
  ]);
});

it('a creation that fails stops what needs its id', () => {
  const commands = undo(
    { scope: EC2, kind: 'aws.ec2.internet-gateway', id: 'igw-1' },
    { attachments: { 'vpc-1': {} }, tags: {} },
    undefined,
  );
  expect(() => runDry(['aws() { false; }', 'set +e', ...commands])).toThrow(/internet_gateway_id/);
});
