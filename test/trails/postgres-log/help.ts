/** Reads logs with the trail as the event store does: marks are kept between runs, and what it says is gathered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuditEvent, TrailGap } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import trail from '../../../trails/postgres-log/index.ts';

interface Reading {
  /** The newest copy of each, in the order in which they were first told. */
  readonly events: readonly AuditEvent[];
  readonly gaps: readonly TrailGap[];
  readonly covered: readonly string[];
}

export async function readLog(options: object, marks = new Map<string, string>()): Promise<Reading> {
  const gaps: TrailGap[] = [];
  const covered: string[] = [];
  const events = new Map<string, AuditEvent>();
  const found = trail.read({
    ...realSurroundings('/'),
    options: trail.options.parse({ server: 'main', timezone: 'UTC', ...options }),
    signal: AbortSignal.timeout(30_000),
    window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => gaps.push(gap),
    covered: ({ account, region, from, to }) => covered.push(`${account} ${region} ${from} ${to}`),
    progress: () => undefined,
    stored: () => Promise.resolve(),
  });
  for await (const event of found) events.set(event.id, event);
  return { events: [...events.values()], gaps, covered };
}

/** An empty folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drifttrail-pglog-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One line an event: who, what, and how it ended. */
export const told = ({ actor, name, error, request }: AuditEvent): string =>
  `${actor.name}: ${name}${error === undefined ? ` ${(request as { outcome: string }).outcome}` : ` ${error.code}`}`;

/** A line of csvlog as PostgreSQL 15 writes it; `s` is the session, `v` the virtual transaction. */
export function csv(
  s: number,
  message: string,
  more: { user?: string; v?: string; severity?: string; state?: string; statement?: string; app?: string } = {},
): string {
  const { user = 'alice', v = '', severity = 'LOG', state = '00000', statement = '', app = 'psql' } = more;
  const quoted = (text: string) => (text === '' ? '' : `"${text.replaceAll('"', '""')}"`);
  const time = `2026-11-21 10:00:${String(clock++ % 60).padStart(2, '0')}.${String(clock).padStart(3, '0')} UTC`;
  const fields = [
    time,
    quoted(user),
    quoted('shop'),
    String(s),
    quoted('10.0.0.7:5000'),
    `65a.${s}`,
    String(clock),
    quoted('idle'),
    '2026-11-21 09:00:00 UTC',
    v,
    '0',
    severity,
    state,
    quoted(message),
  ];
  return `${[...fields, '', '', '', '', '', quoted(statement), '', '', quoted(app), quoted('client backend'), '', '0'].join(',')}\n`;
}
let clock = 0;
