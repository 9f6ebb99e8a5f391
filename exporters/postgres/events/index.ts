/** Which kinds the log of a server tells of, and what its statements did to them. */
import type { AuditEvent, Effect, EventRule, Kind, Lookup } from 'drifttrail';
import { isObject } from 'drifttrail';
import { actOf } from './act.ts';
import { inServerLog, SOURCE } from './places.ts';
import { statementEffects } from './statements.ts';

const RULES: readonly EventRule[] = [{ source: SOURCE, name: '*', effects }];

/** A file on the disk of the server is edited without a statement. */
const UNLOGGED = new Set(['postgres.hba-rule', 'postgres.ident-map']);

export const recorded = (kind: string): Pick<Kind, 'events' | 'recordedIn'> =>
  UNLOGGED.has(kind) ? {} : { events: RULES, recordedIn: inServerLog };

function effects(event: AuditEvent, lookup: Lookup): readonly Effect[] {
  const found = statementEffects(actOf(event, lookup));
  const request = isObject(event.request) ? event.request : {};
  if (request.outcome !== 'unknown') return found;
  // Whether its transaction was committed shows in what there is afterwards: where nothing shows, nothing is told.
  return found.map((effect) =>
    shows(effect, lookup) || effect.cascade !== undefined
      ? effect
      : { ...effect, cascade: 'the log does not tell whether its transaction was committed' },
  );
}

function shows({ ref }: Effect, lookup: Lookup): boolean {
  return JSON.stringify(lookup.before(ref)) !== JSON.stringify(lookup.after(ref));
}
