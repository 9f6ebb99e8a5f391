/** A real attack hidden in ordinary work: `npm run eval:ranking -- --hidden 1-3` plays so many seeds of work and ranks the attacks' writes among them. */
import type { Json } from 'drifttrail';
import aws from '../../exporters/aws/index.ts';
import { effectsOf, indexRules } from '../../src/attribute/effects.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import type { RuleSet } from '../../src/rank/rules.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';
import { startScenario } from '../aws/scenario/scenario.ts';
import type { Label } from './labelled.ts';
import { NOTHING_KNOWN } from './lookup.ts';
import { ndcg, recall, type Scored } from './measures.ts';

const GOALS = { ndcg: 0.8, recall: 0.85 };
const SIZE = { rounds: 12, deeds: 25 };

/**
 * Work that does by itself what attackers do: opens to the world, grants everything, makes credentials, changes who is
 * trusted, takes a way out or a log away. The scenario plays such deeds as often as any other, so the attack is measured
 * among all of its work, and among its work without them. Told by what the call says, not by how it was ranked.
 */
const GRAVE_CALL =
  /^(Create(AccessKey|LoginProfile)|Update(LoginProfile|AccessKey)|DeactivateMFADevice|UpdateAssumeRolePolicy|\w*(SAMLProvider|OpenIDConnectProvider)\w*|DeleteFlowLogs|Detach(Internet|Vpn)Gateway|DeleteNatGateway|DeleteVpn\w+)$/;
const GRAVE_CONTENT = /"(0\.0\.0\.0\/[01]|::\/0)"|policy\/AdministratorAccess|\\"Action\\": ?\\"\*\\"/;
const isGrave = (record: Json): boolean => {
  const { eventName, requestParameters } = record as { readonly eventName: string; readonly requestParameters?: Json };
  return GRAVE_CALL.test(eventName) || GRAVE_CONTENT.test(JSON.stringify(requestParameters ?? null));
};

/** Prints the measures for each seed; false when one is below a goal. */
export async function findHidden(labels: readonly Label[], seeds: readonly number[], rules: RuleSet, verbose: boolean): Promise<boolean> {
  const judge = createJudge(rules);
  const attack = labels
    .filter(({ source, expected }) => source === 'stratus' && expected)
    .flatMap(({ rule, event }) => judge(event, { label: rule, expected: true }));
  let passed = true;
  for (const seed of seeds) {
    const calls = await play(seed);
    const among = (some: typeof calls) => [...attack, ...some.flatMap(({ record, act }) => judge(record, { label: act, expected: false }))];
    const ordinary = among(calls.filter(({ record }) => !isGrave(record)));
    print(`seed ${seed}, grave work and all`, among(calls));
    passed = print(`seed ${seed}, ordinary work`, ordinary) && passed;
    if (verbose)
      for (const { score, expected, label, rules: ids } of [...ordinary].sort((a, b) => b.score - a.score).slice(0, 60))
        console.log(`  ${score} ${expected ? 'attack' : 'work  '} ${label} ${ids.join(',')}`);
  }
  return passed;
}

/** Of records that are no successful write nothing is made. */
function createJudge(rules: RuleSet) {
  const index = indexRules(aws.kinds);
  return (record: Json, { label, expected }: Pick<Scored, 'label' | 'expected'>): readonly Scored[] => {
    const event = parseRecord(record);
    if (event === undefined || event.readOnly || event.error !== undefined) return [];
    const ranked = rankEvent(event, effectsOf(event, index.rulesFor(event), NOTHING_KNOWN).effects, rules);
    const named = `${label} / ${event.name}`;
    return [
      { label: named, group: '', expected, severity: '', gain: expected ? 1 : 0, score: ranked.score, rules: ranked.rules, wrote: true },
    ];
  };
}

async function play(seed: number): Promise<{ readonly record: Json; readonly act: string }[]> {
  const scenario = await startScenario(seed);
  const calls: { record: Json; act: string }[] = [];
  try {
    for (let round = 0; round < SIZE.rounds; round++)
      await scenario.round(SIZE.deeds, async ({ record, act }) => {
        calls.push({ record, act });
      });
  } finally {
    await scenario.stop();
  }
  return calls;
}

function print(name: string, rows: readonly Scored[]): boolean {
  const [order, found] = [ndcg(rows, 20), recall(rows, 20)];
  const attack = rows.filter(({ expected }) => expected).length;
  console.log(
    `${name}: ${attack} writes of attacks among ${rows.length - attack} of work: NDCG@20 ${order.toFixed(3)} (goal ${GOALS.ndcg.toFixed(2)}), recall@20 ${found.toFixed(3)} (goal ${GOALS.recall.toFixed(2)})`,
  );
  return order >= GOALS.ndcg && found >= GOALS.recall;
}
