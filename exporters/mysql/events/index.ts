/** What each statement in the audit log of a server did to which kind. */
import type { Effect, EventRule, Kind } from 'drifttrail';
import { inAuditLog, SOURCE } from './places.ts';
import { actOf, statementEffects } from './statements.ts';

const RULES: readonly EventRule[] = [
  { source: SOURCE, name: '*', effects: (event, lookup): readonly Effect[] => statementEffects(actOf(event, lookup)) },
];

export const recorded: Required<Pick<Kind, 'events' | 'recordedIn'>> = { events: RULES, recordedIn: inAuditLog };
