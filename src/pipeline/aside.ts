/**
 * Findings that are set aside, by the configuration or by a person: they stay in the report, marked, and neither alarm nor count.
 * Decided whenever they are read, with the rules and the clock of then: a rule holds for what is known already, and ends when
 * it says so.
 */
import type { Deployment } from '../deployment.ts';
import type { Finding } from '../model.ts';
import type { Ack } from '../store/acks.ts';
import { ignoringOf, type Place, placesOf } from './ignore.ts';

type Reader = Pick<Deployment, 'config' | 'kinds' | 'surroundings'>;

export async function withAside(deployment: Reader & Pick<Deployment, 'store'>, findings: readonly Finding[]): Promise<Finding[]> {
  return setAside(deployment, findings, placesOf, findings.length === 0 ? [] : await deployment.store.readAcks());
}

/** The configuration's own reason stands before a person's. */
export function setAside<Item extends Pick<Finding, 'id' | 'ignored'>>(
  { config, kinds, surroundings }: Reader,
  items: readonly Item[],
  placesIn: (item: Item) => readonly Place[],
  acks: readonly Ack[],
): Item[] {
  const now = surroundings.now().toISOString();
  const ignoring = ignoringOf(config.ignore, kinds, now);
  const valid = new Map(acks.filter((ack) => stands(ack, now)).map((ack) => [ack.finding, ack]));
  return items.map((item) => {
    const ack = valid.get(item.id);
    const ignored = ignoring(placesIn(item)) ?? (ack === undefined ? undefined : textOf(ack));
    return ignored === item.ignored ? item : { ...item, ignored };
  });
}

/** Whether an acknowledgement still counts. */
export function stands({ until }: Pick<Ack, 'until'>, now: string): boolean {
  return until === undefined || now < until;
}

function textOf({ by, reason, until }: Ack): string {
  return `acknowledged by ${by}${until === undefined ? '' : ` until ${until.slice(0, 10)}`}: ${reason}`;
}
