/** Findings that a person has acknowledged: they stay in the report, marked, and neither alarm nor count until it expires. */
import type { Deployment } from '../deployment.ts';
import type { Finding } from '../model.ts';
import type { Ack } from '../store/acks.ts';
import { acquireLock } from '../store/lock.ts';

export async function withAcks(
  { store, surroundings }: Pick<Deployment, 'store' | 'surroundings'>,
  findings: readonly Finding[],
): Promise<Finding[]> {
  return applyAcks(findings, findings.length === 0 ? [] : await store.readAcks(), surroundings.now().toISOString());
}

/** Under the run's lock. False when nothing was there to be taken back. @throws {DrifttrailError} `locked` (75) during a run */
export async function acknowledge(
  { stateDir, store, surroundings }: Pick<Deployment, 'stateDir' | 'store' | 'surroundings'>,
  ack: Ack | Pick<Ack, 'finding'>,
  by: string,
): Promise<boolean> {
  const lock = await acquireLock(stateDir, surroundings);
  try {
    return await store.writeAck(ack, by);
  } finally {
    await lock.release();
  }
}

/** The configuration's own reason stands before a person's. */
export function applyAcks<Item extends Pick<Finding, 'id' | 'ignored'>>(
  findings: readonly Item[],
  acks: readonly Ack[],
  now: string,
): Item[] {
  const valid = new Map(acks.filter(({ until }) => until === undefined || now < until).map((ack) => [ack.finding, ack]));
  return findings.map((finding) => {
    const ack = finding.ignored === undefined ? valid.get(finding.id) : undefined;
    return ack === undefined ? finding : { ...finding, ignored: textOf(ack) };
  });
}

function textOf({ by, reason, until }: Ack): string {
  return `acknowledged by ${by}${until === undefined ? '' : ` until ${until.slice(0, 10)}`}: ${reason}`;
}
