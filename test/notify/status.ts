/** A state of things for tests, with names as hostile as they come. */
import type { Status } from '../../src/model.ts';

export const STATUS: Status = {
  generatedAt: '2026-01-14T12:00:00.000Z',
  scopes: [
    { scope: 'aws/1/"eu"\\\n|x', complete: '2026-01-14T11:00:00.000Z' },
    { scope: 'hosts/web01', complete: null },
  ],
  levels: { critical: 0, high: 1, medium: 2, low: 0, info: 3 },
  pending: 1,
  gaps: [{ scope: 'hosts/web01', reason: 'unreachable', detail: 'no route' }],
  outlets: { '1-slack': { sent: 5, retried: 2, failed: 1, lastSuccess: null, waiting: 3, dead: 1, held: 4 } },
  duration: 1500,
};
