/** Which findings an outlet wants to hear of, besides the level. */
import type { Finding } from '../model.ts';

/** All that is named must fit. A pattern also holds for what stands below it; `*` is any one word. */
export interface Pattern {
  /** `aws.ec2`, `kubernetes.*.Secret` */
  readonly kind?: string | undefined;
  /** `hosts/web*` is not one: a word is matched whole. `aws/123456789012`, `hosts/*` */
  readonly scope?: string | undefined;
  readonly id?: string | undefined;
  /** The actor's name, in any case. */
  readonly actor?: string | undefined;
}

export function isWanted(finding: Finding, only: readonly Pattern[] | undefined, except: readonly Pattern[]): boolean {
  return (only === undefined || only.some((pattern) => fits(finding, pattern))) && !except.some((pattern) => fits(finding, pattern));
}

function fits(finding: Finding, { kind, scope, id, actor }: Pattern): boolean {
  const ref = (finding.change ?? finding.transient)?.ref;
  const { gap } = finding.coverage ?? {};
  return (
    holds(kind, ref?.kind ?? gap?.kind, '.') &&
    holds(scope, ref?.scope ?? gap?.scope, '/') &&
    holds(id, ref?.id, '/') &&
    (actor === undefined || finding.attribution.actor?.name.toLowerCase() === actor.toLowerCase())
  );
}

function holds(pattern: string | undefined, text: string | undefined, separator: string): boolean {
  if (pattern === undefined) return true;
  if (text === undefined) return false;
  const wanted = pattern.split(separator);
  const found = text.split(separator);
  return wanted.length <= found.length && wanted.every((word, index) => word === '*' || word === found[index]);
}
