/** What is to be said to one outlet of one commit now, later, or not yet. */
import type { Speaking } from '../config/schema.ts';
import type { Finding, Level, Message } from '../model.ts';
import { isQuiet } from '../notify/hours.ts';
import { atLeast } from '../notify/message.ts';
import { isWanted } from '../notify/wanted.ts';
import type { Told } from './announced.ts';

export interface DueContext {
  readonly speaking: Speaking;
  /** The general ones of the configuration; patience in milliseconds. */
  readonly urgent: Level;
  readonly patience: number;
  readonly now: Date;
}

export interface Due {
  readonly kind: Message['kind'];
  readonly now: readonly Finding[];
  /** For the outlet's tray. */
  readonly later: readonly Finding[];
}

/**
 * All of a commit in one message: it waits until each finding has its attribution, or patience ends, or one of them is
 * urgent. What was told without an actor gets one follow-up, once none is pending.
 */
export function dueOf(group: readonly Finding[], told: Readonly<Record<string, Told>>, context: DueContext): Due | undefined {
  const { speaking, now, patience } = context;
  const wanted = group.filter((finding) => isTold(finding, speaking));
  const pending = wanted.filter(({ attribution }) => attribution.status === 'pending');
  const untold = wanted.filter(({ id }) => told[id] === undefined);
  if (group.some(({ id }) => told[id] !== undefined && told[id].state !== 'silent')) {
    const known = wanted.filter(({ id, attribution }) => told[id]?.state === 'pending' && attribution.actor !== undefined);
    const further = [...known, ...untold];
    return pending.length > 0 || further.length === 0 ? undefined : split('follow-up', further, context);
  }
  const urgent = untold.some((finding) => isUrgent(finding, context));
  const waits = pending.some(({ window }) => now.getTime() - Date.parse(window.to) <= patience);
  return untold.length === 0 || (waits && !urgent) ? undefined : split('changes', untold, context);
}

/** Whether the outlet is told of it at all. */
export function isTold(finding: Finding, { from, only, except }: Pick<Speaking, 'from' | 'only' | 'except'>): boolean {
  return finding.ignored === undefined && atLeast(finding.level, from) && isWanted(finding, only, except);
}

export function isUrgent({ level }: Finding, { speaking, urgent }: Pick<DueContext, 'speaking' | 'urgent'>): boolean {
  const least = speaking.urgent ?? urgent;
  return least !== 'never' && atLeast(level, least);
}

/** Whether what is not urgent goes into the tray at this time. */
export function collects({ digest, group, quiet, zone }: Speaking, now: Date): boolean {
  return digest !== undefined || group !== undefined || (quiet !== undefined && isQuiet(now, quiet, zone));
}

function split(kind: Message['kind'], findings: readonly Finding[], context: DueContext): Due {
  if (!collects(context.speaking, context.now)) return { kind, now: findings, later: [] };
  return {
    kind,
    now: findings.filter((finding) => isUrgent(finding, context)),
    later: findings.filter((finding) => !isUrgent(finding, context)),
  };
}
