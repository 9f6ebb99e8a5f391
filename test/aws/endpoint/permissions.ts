/**
 * The emulator answers a call about several permissions of a security group with the rules of the last one only; AWS
 * with all. So each permission is asked for by itself, and the answers are put together.
 */
import type { Answer } from './record.ts';

const SEVERAL = /^AuthorizeSecurityGroup(Ingress|Egress)$/;
const NUMBERED = /^IpPermissions\.(\d+)\.(.+)$/;
const RULES = /<securityGroupRuleSet>([\s\S]*?)<\/securityGroupRuleSet>/;

/** The bodies to send one after the other; one when there is nothing to take apart. */
export function partsOf(action: string, body: string): string[] {
  if (!SEVERAL.test(action)) return [body];
  const form = new URLSearchParams(body);
  const numbers = [...new Set([...form.keys()].flatMap((name) => NUMBERED.exec(name)?.[1] ?? []))];
  if (numbers.length < 2) return [body];
  return numbers.map((number) => {
    const part = new URLSearchParams();
    for (const [name, value] of form) {
      const [, its, rest] = NUMBERED.exec(name) ?? [];
      if (its === undefined) part.append(name, value);
      else if (its === number) part.append(`IpPermissions.1.${rest}`, value);
    }
    return part.toString();
  });
}

/** The first failure ends it, and is the answer. */
export async function inParts(parts: readonly string[], send: (body: string) => Promise<Answer>): Promise<Answer> {
  const rules: string[] = [];
  let last: Answer | undefined;
  for (const part of parts) {
    last = await send(part);
    if (last.status !== 200) return last;
    rules.push(RULES.exec(last.body)?.[1] ?? '');
  }
  if (last === undefined) throw new Error('there is nothing to send');
  const all = `<securityGroupRuleSet>${rules.join('')}</securityGroupRuleSet>`;
  return parts.length === 1 ? last : { ...last, body: last.body.replace(RULES, () => all) };
}
