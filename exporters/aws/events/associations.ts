/** Subnets bound to route tables and network ACLs: an association moves to another table under a new id. */
import { type EventRule, type JsonObject, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, partOf, pick, text } from './act.ts';
import { ec2, set, unsetResolved } from './rules.ts';

/** `target`: the table or ACL the call names. `fields`: what the association is made of in the snapshot. */
export function replaceAssociation(name: string, target: (act: Act) => readonly Ref[], fields: readonly string[]): EventRule {
  const moved = (act: Act): { ref: Ref; path: string; value: JsonObject } | undefined => {
    const [ref] = target(act);
    const id = text(act.response, 'newAssociationId');
    if (ref === undefined || id === undefined) return undefined;
    const old = partOf(act, text(act.request, 'associationId'));
    const before = old === undefined ? undefined : (old.value ?? valueAt(act.lookup.before(old.ref), old.path));
    return { ref, path: pointer('associations', id), value: pick(before, ...fields) };
  };
  return ec2(
    name,
    (act) => {
      const to = moved(act);
      return [...unsetResolved(act, text(act.request, 'associationId')), ...(to === undefined ? [] : set([to.ref], to.path, to.value))];
    },
    (act) => {
      const to = moved(act);
      const id = text(act.response, 'newAssociationId');
      return to === undefined || id === undefined ? {} : { [id]: to };
    },
  );
}
