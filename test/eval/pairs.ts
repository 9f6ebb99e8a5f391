/** Authored minimal pairs: a dangerous act and a harmless one that looks like it; the ranking must put the first above. */
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import aws from '../../exporters/aws/index.ts';
import host from '../../exporters/host/index.ts';
import { effectsOf, indexRules } from '../../src/attribute/effects.ts';
import { diffJson } from '../../src/diff/json.ts';
import { diffText } from '../../src/diff/text.ts';
import type { Actor, AuditEvent, Change, Json, Ref } from '../../src/model.ts';
import type { Neighbours } from '../../src/rank/neighbours.ts';
import { rank, type Rank } from '../../src/rank/rank.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import type { RuleSet } from '../../src/rank/rules.ts';
import { SOMEBODY } from '../../src/rank/verify.ts';
import { NOTHING_KNOWN } from './lookup.ts';

const FOLDER = new URL('./pairs/', import.meta.url);
const json = z.json() as z.ZodType<Json>;

/** An event (`ec2:DeleteRoute`) or a change of a kind with the config on each side; null where the resource is not. */
const actSchema = z.strictObject({
  event: z
    .string()
    .regex(/^[^:]+:[^:]+$/)
    .optional(),
  request: json.optional(),
  response: json.optional(),
  extra: z.record(z.string(), json).optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  readOnly: z.boolean().optional(),
  kind: z.string().optional(),
  id: z.string().optional(),
  scope: z.string().optional(),
  before: json.optional(),
  after: json.optional(),
  actor: z.record(z.string(), json).optional(),
  /** What stands around it: `<kind>/<id>` → config. */
  around: z.record(z.string(), json).optional(),
  others: z
    .strictObject({
      createdBySameActor: z.number().optional(),
      undoneAfter: z.number().optional(),
      firstSeen: z.boolean().optional(),
      newAddress: z.boolean().optional(),
      newChannel: z.boolean().optional(),
    })
    .optional(),
});
const pairSchema = z.strictObject({
  name: z.string().min(1),
  /** What both sides have in common. */
  both: actSchema.optional(),
  dangerous: actSchema,
  harmless: actSchema,
});
type Act = z.output<typeof actSchema>;

export interface JudgedPair {
  readonly file: string;
  readonly name: string;
  readonly dangerous: Rank;
  readonly harmless: Rank;
}

export const isOrdered = ({ dangerous, harmless }: JudgedPair): boolean => dangerous.score > harmless.score;

export async function judgePairs(rules: RuleSet): Promise<readonly JudgedPair[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).sort();
  const judged = await Promise.all(
    files.map(async (file) => {
      const pairs = z.array(pairSchema).parse(parse(await readFile(new URL(file, FOLDER), 'utf8')));
      return pairs.map(({ name, both, dangerous, harmless }) => ({
        file,
        name,
        dangerous: judgeAct({ ...both, ...dangerous }, rules),
        harmless: judgeAct({ ...both, ...harmless }, rules),
      }));
    }),
  );
  return judged.flat();
}

function judgeAct(act: Act, rules: RuleSet): Rank {
  const scope = act.scope ?? (act.kind?.startsWith('host.') === true ? 'hosts/web01' : 'aws/111122223333/eu-west-1');
  const neighbours = act.around === undefined ? {} : { neighbours: neighboursOf(scope, act) };
  const others = definite(act.others ?? {});
  if (act.event !== undefined) {
    const event = eventOf(act);
    return rankEvent(event, effects(event), rules, { ...neighbours, others });
  }
  const { actor } = eventOf(act);
  const attribution = { status: 'attributed' as const, actor, events: [], edits: {}, because: 'authored' };
  return rank({ change: changeOf(act, scope), attribution, ...neighbours, others }, rules);
}

const index = indexRules({ ...aws.kinds, ...host.kinds });

function effects(event: AuditEvent) {
  return effectsOf(event, index.rulesFor(event), NOTHING_KNOWN).effects;
}

function eventOf(act: Act): AuditEvent {
  const [service = '', name = ''] = act.event?.split(':') ?? [];
  const actor = { ...SOMEBODY, ...act.actor } as Actor;
  return {
    id: 'authored',
    time: '2026-01-07T14:02:00Z',
    source: `${service}.amazonaws.com`,
    name,
    account: '111122223333',
    region: 'eu-west-1',
    readOnly: act.readOnly ?? false,
    actor,
    request: act.request ?? null,
    response: act.response ?? null,
    ...definite({ extra: act.extra, error: act.error }),
  };
}

function changeOf(act: Act, scope: string): Change {
  const { before = null, after = null } = act;
  const ref: Ref = { scope, kind: act.kind ?? '', id: act.id ?? 'authored-1' };
  const texts = typeof before === 'string' && typeof after === 'string';
  const edits =
    before === null || after === null ? [{ path: '', before, after }] : texts ? diffText(before, after) : diffJson(before, after);
  return {
    type: before === null ? 'created' : after === null ? 'deleted' : 'modified',
    ref,
    path: '',
    edits,
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
  };
}

/** The changed resource itself is among its neighbours, as in a snapshot. */
function neighboursOf(scope: string, act: Act): Neighbours {
  const own =
    act.kind === undefined ? [] : [{ ref: { scope, kind: act.kind, id: act.id ?? 'authored-1' }, config: act.after ?? act.before ?? null }];
  const held = [
    ...own.filter(({ config }) => config !== null),
    ...Object.entries(act.around ?? {}).map(([key, config]) => {
      const at = key.indexOf('/');
      return { ref: { scope, kind: key.slice(0, at), id: key.slice(at + 1) }, config };
    }),
  ];
  return {
    get: (ref) => held.find((one) => one.ref.kind === ref.kind && one.ref.id === ref.id && one.ref.scope === ref.scope)?.config,
    list: (where, kind) => held.filter(({ ref }) => ref.scope === where && ref.kind === kind),
  };
}

/** exactOptionalPropertyTypes: what is undefined is left out. */
function definite<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
