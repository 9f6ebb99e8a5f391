/** Where a MariaDB server keeps record of what: the trail files events under these words, which people read too. */
import type { TrailPlace } from 'drifttrail';
import { serverOf } from '../../_sql/scope.ts';

export const AUDIT_LOG = 'audit log';
export const SOURCE = 'mariadb-audit';

export const inAuditLog = (scope: string): TrailPlace[] => [{ account: serverOf(scope), region: AUDIT_LOG }];
