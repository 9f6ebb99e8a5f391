/** Where a Linux machine keeps record of what: the trail files events under these words, which people read too. */
import type { TrailPlace } from 'drifttrail';

export const AUDIT_LOG = 'audit.log';
export const AUTH_LOG = 'auth.log';
export const PACKAGE_LOG = 'package log';

/** `hosts/web01` → the logs of web01, likeliest first. */
const recordedBy =
  (...regions: readonly string[]) =>
  (scope: string): TrailPlace[] => {
    const account = scope.slice(scope.indexOf('/') + 1);
    return regions.map((region) => ({ account, region }));
  };

export const inAuditLog = recordedBy(AUDIT_LOG);
export const inAccountLogs = recordedBy(AUDIT_LOG, AUTH_LOG);
export const inPackageLogs = recordedBy(PACKAGE_LOG, AUDIT_LOG);
