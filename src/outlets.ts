/** Tells the hooks: what is due goes to the durable outbox first, and from there to each outlet. */
import { join } from 'node:path';
import type { ConfiguredHook, Deployment } from './deployment.ts';
import type { Finding, Message } from './model.ts';
import { atLeast, composeMessage } from './notify/message.ts';
import { type Deliver, openOutbox } from './notify/outbox.ts';
import { createSender } from './notify/sender.ts';
import { type Announced, readAnnounced, writeAnnounced } from './pipeline/announced.ts';
import { readNotes } from './pipeline/notes.ts';
import { durationOf } from './pipeline/windows.ts';

export interface DeliverOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Announces the findings of one commit. */
export async function announce(deployment: Deployment, sha: string): Promise<void> {
  const commit = await deployment.store.info(sha);
  const note = (await readNotes(deployment, [commit])).get(sha);
  await announceAll(deployment, note?.findings ?? []);
}

/** Puts what each outlet has not been told yet into the outbox, at most one message per commit and outlet. */
export async function announceAll(deployment: Deployment, findings: readonly Finding[]): Promise<void> {
  const { hooks, stateDir, surroundings } = deployment;
  if (hooks.length === 0) return;
  const now = surroundings.now();
  const outbox = openOutbox(outboxFolder(stateDir), { now: surroundings.now });
  const announced = readAnnounced(stateDir);
  for (const [index, hook] of hooks.entries()) {
    const outlet = outletName(hook, index);
    const told = announced[outlet] ?? {};
    for (const group of byCommit(findings)) {
      const due = group.filter((finding) => isDue(finding, told[finding.id], hook, deployment, now));
      const first = due.filter(({ id }) => told[id] === undefined);
      const further = due.filter(({ id }) => told[id] !== undefined);
      for (const [kind, members] of [
        ['changes', first],
        ['follow-up', further],
      ] as const) {
        const message = await messageOf(deployment, members, kind, hook);
        if (message !== undefined) await outbox.add(outlet, message);
        // Only after the outbox has it: a crash between the two repeats the message under the same id.
        for (const { id, attribution } of message === undefined ? [] : members)
          told[id] = attribution.status === 'pending' ? 'pending' : 'settled';
      }
    }
    announced[outlet] = told;
  }
  writeAnnounced(stateDir, announced);
}

/** Delivers what is due. A bad outlet delays nobody; what it refuses for good becomes a dead letter. */
export async function deliver(
  deployment: Deployment,
  options: DeliverOptions,
): Promise<{ delivered: number; waiting: number; dead: number }> {
  const { hooks, stateDir, surroundings } = deployment;
  if (hooks.length === 0) return { delivered: 0, waiting: 0, dead: 0 };
  const outbox = openOutbox(outboxFolder(stateDir), { now: surroundings.now });
  const outlets = Object.fromEntries(hooks.map((hook, index) => [outletName(hook, index), delivererOf(deployment, hook)]));
  const deliveries = await outbox.deliver(outlets, options.signal);
  for (const { outlet, status, detail } of deliveries) if (status !== 'delivered') options.progress(`${outlet}: ${detail}`);
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  return { delivered: deliveries.filter(({ status }) => status === 'delivered').length, waiting: waiting.length, dead: dead.length };
}

export function outboxFolder(stateDir: string): string {
  return join(stateDir, 'outbox');
}

/** Two entries of the same kind are two outlets. */
export function outletName(hook: Pick<ConfiguredHook, 'use'>, index: number): string {
  return `${index + 1}-${hook.use.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`;
}

export function delivererOf({ surroundings }: Deployment, { hook, options, allowPrivate }: ConfiguredHook): Deliver {
  return (message, signal) =>
    hook.deliver(message, signal, { ...surroundings, options, send: createSender(surroundings, { allowPrivate, signal }) });
}

function isDue(
  finding: Finding,
  told: Announced[string][string] | undefined,
  hook: ConfiguredHook,
  deployment: Deployment,
  now: Date,
): boolean {
  if (finding.ignored !== undefined || !atLeast(finding.level, hook.from)) return false;
  const pending = finding.attribution.status === 'pending';
  if (told === 'settled') return false;
  if (told === 'pending') return !pending;
  const waited = now.getTime() - Date.parse(finding.window.to);
  return !pending || atLeast(finding.level, deployment.config.urgent) || waited > durationOf(deployment.config.patience);
}

async function messageOf(
  deployment: Deployment,
  findings: readonly Finding[],
  kind: Message['kind'],
  hook: ConfiguredHook,
): Promise<Message | undefined> {
  const [first] = findings;
  if (first === undefined) return undefined;
  const commit = first.commit;
  const subject = commit === null ? 'written and undone between two snapshots' : (await deployment.store.info(commit)).subject;
  const link = commit === null ? `drifttrail show ${first.id}` : `drifttrail show ${commit.slice(0, 12)}`;
  return composeMessage({ commit, subject, findings, kind, link, from: hook.from });
}

function byCommit(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = finding.commit ?? `transient ${finding.id}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}
