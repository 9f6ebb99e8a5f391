/** By what name the audit log of a cluster is known to those who ask whether it was read. */
import type { Kind } from 'drifttrail';
import { clusterOf } from '../names.ts';

export const AUDIT_LOG = 'audit.log';

export const inAuditLog: NonNullable<Kind['recordedIn']> = (scope) => [{ account: clusterOf({ scope }), region: AUDIT_LOG }];
