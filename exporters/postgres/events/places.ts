/** Where a PostgreSQL server keeps record of what: the trail files events under these words, which people read too. */
import type { TrailPlace } from 'drifttrail';
import { serverOf } from '../../_sql/scope.ts';

export const SERVER_LOG = 'server log';
export const SOURCE = 'postgres-log';

export const inServerLog = (scope: string): TrailPlace[] => [{ account: serverOf(scope), region: SERVER_LOG }];
