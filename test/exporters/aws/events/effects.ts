/** The effects of a call as lines, in a world of given documents. */
import { effectsOf, indexRules } from '../../../../src/attribute/effects.ts';
import type { AuditEvent, Json, JsonObject, Lookup, Ref } from '../../../../src/model.ts';
import { auditEvent } from '../../../attribute/events.ts';
import { kinds } from '../../../attribute/world.ts';

const index = indexRules(kinds);

export interface World {
  readonly [id: string]: readonly [Ref, Json];
}
export const lookupIn = (world: World): Lookup => {
  const of = (wanted: Ref) => Object.values(world).find(([id]) => JSON.stringify(id) === JSON.stringify(wanted))?.[1];
  return {
    before: of,
    after: of,
    list: (scope, kind) =>
      Object.values(world).flatMap(([id, config]) => (id.scope === scope && id.kind === kind ? [{ ref: id, config }] : [])),
    resolve: (scope, secondary) =>
      Object.values(world).flatMap(([id, config]) => {
        if (id.scope !== scope) return [];
        const path = kinds[id.kind]?.secondaryIds?.(config, id)[secondary];
        return path === undefined ? [] : [{ ref: id, path }];
      })[0],
  };
};

/** `set route-table/rtb-1 /routes/… {"gatewayId":"igw-1"}`; a `~` in front marks a consequence. */
export function effects(name: string, request: Json, response: Json = null, world: World = {}, more: Partial<AuditEvent> = {}): string[] {
  const iam = index.rulesFor({ source: 'iam.amazonaws.com', name }).length > 0;
  const event = auditEvent({ source: iam ? 'iam.amazonaws.com' : 'ec2.amazonaws.com', name, request, response, ...more });
  return effectsOf(event, index.rulesFor(event), lookupIn(world)).effects.map(
    ({ op, ref: id, path, value, cascade }) =>
      `${cascade === undefined ? '' : '~'}${op} ${id.kind.replace(/^aws\.(ec2\.)?/, '')}/${id.id}${path === '' ? '' : ` ${path}`}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`,
  );
}

export const items = (...list: Json[]): JsonObject => ({ items: list });
