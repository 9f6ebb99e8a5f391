/** Reads logs with the trail as the event store does: marks are kept between runs, and what it says is gathered. */
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { AuditEvent, Spawn, TrailGap } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import trail from '../../../trails/linux-audit/index.ts';

/**
 * Recorded on Debian 12 (Linux 6.18, auditd 3.0.9, OpenSSH 9.2, sudo 1.9.13, rsyslog 8.2302) on one machine: alice logs in
 * by key and works through sudo; `enriched` and `raw` are two runs with the two formats of auditd. Records of PAM's
 * credentials and of other folders were cut out, no line was altered.
 */
export const RECORDED = (format: 'enriched' | 'raw'): string =>
  fileURLToPath(new URL(`../../fixtures/linux-audit/${format}`, import.meta.url));

/** Of times without a year the file's own tells the year; git keeps none. */
export const RECORDED_AT = new Date('2026-11-21T20:00:00Z');
for (const format of ['enriched', 'raw'] as const) utimesSync(join(RECORDED(format), 'auth.log'), RECORDED_AT, RECORDED_AT);

export const RECORDED_ROOT = '/tmp/la-lab/run/root';
export const KEY = 'SHA256:FAuqnuMUps5r9/SLNNqevrIYUnH9Qk3loYWGTum1DXI';

export interface Reading {
  readonly events: AuditEvent[];
  readonly gaps: TrailGap[];
  readonly covered: string[];
}

interface Settings {
  readonly marks?: Map<string, string>;
  readonly window?: { readonly from: string; readonly to: string };
  /** What programs print; one that is not named is not installed. */
  readonly programs?: Readonly<Record<string, { readonly code?: number; readonly out?: string; readonly err?: string }>>;
  /** As `drifttrail events` reads: nothing is stored. */
  readonly storeless?: boolean;
}

export async function readLogs(options: object, settings: Settings = {}): Promise<Reading> {
  const { marks = new Map<string, string>(), window = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' } } = settings;
  const reading: Reading = { events: [], gaps: [], covered: [] };
  const spawn: Spawn = (command, args) => {
    const answer = settings.programs?.[[command, ...args].join(' ')] ?? settings.programs?.[command];
    if (answer === undefined) return Promise.reject(Object.assign(new Error(command), { code: 'spawn-failed' }));
    return Promise.resolve({ code: answer.code ?? 0, stdout: Buffer.from(answer.out ?? ''), stderr: answer.err ?? '' });
  };
  const events = trail.read({
    ...realSurroundings(),
    dir: tmpdir(),
    spawn,
    options: trail.options.parse({ host: 'web01', running: false, timezone: 'UTC', ...options }),
    signal: AbortSignal.timeout(30_000),
    window,
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => reading.gaps.push(gap),
    covered: ({ account, region, from, to }) => reading.covered.push(`${account} ${region} ${from} ${to}`),
    progress: () => undefined,
    ...(settings.storeless === true ? {} : { stored: () => Promise.resolve() }),
  });
  for await (const event of events) reading.events.push(event);
  return reading;
}

/** An empty folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drifttrail-linux-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One line an event: who did what, through what, from where. */
export function told(event: AuditEvent): string {
  const { actor, request } = event;
  const files = (request as { files?: readonly { path: string; change: string }[] }).files ?? [];
  const what = files.map(({ path, change }) => ` ${change} ${path}`).join('');
  return `${actor.name}${actor.role === null ? '' : ` as ${actor.role}`} ${actor.via} ${actor.sourceIp ?? '-'}: ${event.name}${what}`;
}
