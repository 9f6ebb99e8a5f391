/** What the packet filter does now, which need not be what its files say: nftables, else iptables. Counters are left out. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { asked, type Fact } from './fact.ts';

const NFT = ['-j', 'list', 'ruleset'];
const SAVES = ['iptables-save', 'ip6tables-save'];

export const firewall: Fact = {
  name: 'firewall',
  kind: 'host.firewall',
  title: 'packet filter chain',
  read,
  // iptables-save loads kernel modules where there are none: only without nft.
  ahead: `${asked('nft', NFT)}\nif ! command -v nft >/dev/null 2>&1; then ${SAVES.map((save) => asked(save, [])).join('; ')}; fi`,
};

/** Chains that other programs keep, and change with every container, pod or banned address. */
const KEPT_BY_OTHERS = /^(DOCKER.*|KUBE-.*|CNI-.*|cali-.*|CILIUM.*|FLANNEL.*|LIBVIRT_.*|f2b-.*|NETAVARK.*)$/;

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!source.live) return undefined;
  const ruleset = await source.run('nft', NFT);
  if (ruleset !== undefined) return chainsOfNft(ruleset);
  const saved: (readonly [string, JsonObject])[] = [];
  for (const save of SAVES) {
    const printed = await source.run(save, []);
    if (printed !== undefined) saved.push(...chainsOfSave(printed, save.startsWith('ip6') ? 'ip6' : 'ip'));
    else if (saved.length === 0) return undefined;
  }
  return Object.fromEntries(saved);
}

/** libnftables-json(5): one object each for tables, chains and rules, rules in their order. */
export function chainsOfNft(printed: string): JsonObject {
  let parsed: Json;
  try {
    parsed = JSON.parse(printed === '' ? '{"nftables":[]}' : printed);
  } catch {
    throw new Unreadable('nft', 'printed no JSON', 'invalid');
  }
  const chains = new Map<string, { readonly head: JsonObject; readonly rules: Json[] }>();
  for (const item of isObject(parsed) && Array.isArray(parsed.nftables) ? parsed.nftables : []) {
    if (!isObject(item)) continue;
    const { chain, rule } = item;
    if (isObject(chain) && !KEPT_BY_OTHERS.test(String(chain.name))) {
      const { type, hook, prio, policy } = chain;
      const head = Object.fromEntries(Object.entries({ type, hook, priority: prio, policy }).filter(([, value]) => value !== undefined));
      chains.set(`${chain.family} ${chain.table} ${chain.name}`, { head: head as JsonObject, rules: [] });
    } else if (isObject(rule)) {
      const comment = typeof rule.comment === 'string' ? { comment: rule.comment } : {};
      chains.get(`${rule.family} ${rule.table} ${rule.chain}`)?.rules.push({ ...comment, expr: withoutCounters(rule.expr ?? []) });
    }
  }
  return Object.fromEntries(
    [...chains].map(([key, { head, rules }]) => [key, { ...head, rules: rules.map((rule) => JSON.stringify(rule)) }]),
  );
}

/** `{"counter":{"packets":12,"bytes":840}}`, quotas and last uses change with each packet. */
function withoutCounters(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutCounters);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => {
      if (key === 'counter' && isObject(inside)) return [key, null];
      if (key === 'quota' && isObject(inside)) return [key, { ...inside, used: null }];
      return [key, key === 'last' ? null : withoutCounters(inside)];
    }),
  );
}

/** iptables-save(8): "*filter", ":INPUT DROP [12:840]", "-A INPUT -i lo -j ACCEPT". */
export function chainsOfSave(printed: string, family: string): (readonly [string, JsonObject])[] {
  let table = '';
  const chains = new Map<string, { readonly policy: string; readonly rules: string[] }>();
  for (const line of printed.split('\n')) {
    const [, name, policy = '-'] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (line.startsWith('*')) table = line.slice(1).trim();
    else if (name !== undefined && !KEPT_BY_OTHERS.test(name)) chains.set(`${family} ${table} ${name}`, { policy, rules: [] });
    else {
      const [, chain = '', rule] = /^(?:\[\d+:\d+\] )?-A (\S+) (.*)$/.exec(line) ?? [];
      if (rule !== undefined) chains.get(`${family} ${table} ${chain}`)?.rules.push(rule);
    }
  }
  return [...chains].map(
    ([key, { policy, rules }]) => [key, { ...(policy === '-' ? {} : { policy: policy.toLowerCase() }), rules }] as const,
  );
}
