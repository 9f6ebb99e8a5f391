/** Tells the hooks: what is due goes to the durable outbox first, and from there to each outlet. */
import { join } from 'node:path';
import type { ConfiguredHook, Deployment } from './deployment.ts';
import { DrifttrailError } from './errors.ts';
import type { Finding, Message } from './model.ts';
import { atLeast, composeMessage } from './notify/message.ts';
import { type Held, openOutbox, type Outbox } from './notify/outbox.ts';
import { withAcks } from './pipeline/acks.ts';
import { type Announced, readAnnounced, writeAnnounced } from './pipeline/announced.ts';
import { readNotes } from './pipeline/notes.ts';
import { delivererOf, outboxFolder, outletName } from './pipeline/outlet.ts';
import { durationOf } from './pipeline/windows.ts';
import { acquireLock } from './store/lock.ts';

/** Milliseconds that one process waits for another to have put its messages into the outbox: that takes a moment. */
const PATIENCE = 60_000;

export interface DeliverOptions {
  readonly signal: AbortSignal;
  /** Told of what an outlet refused, or did not take yet. */
  readonly problem: (text: string) => void;
}

/** Announces the findings of one commit. */
export async function announce(deployment: Deployment, sha: string): Promise<void> {
  const note = (await readNotes(deployment, [sha])).get(sha);
  await announceAll(deployment, note?.findings ?? []);
}

/** Puts what each outlet has not been told yet into the outbox, at most one message per commit and outlet. */
export async function announceAll(deployment: Deployment, findings: readonly Finding[]): Promise<void> {
  if (deployment.hooks.length === 0) return;
  const held = await waitForTurn(deployment);
  try {
    await announceDue(deployment, await withAcks(deployment, findings));
  } finally {
    await held.release();
  }
}

async function announceDue(deployment: Deployment, findings: readonly Finding[]): Promise<void> {
  const { hooks, stateDir, surroundings } = deployment;
  const now = surroundings.now();
  const outbox = outboxOf(deployment);
  const announced = readAnnounced(stateDir);
  for (const [index, hook] of hooks.entries()) {
    const outlet = outletName(hook, index);
    const told = announced[outlet] ?? {};
    for (const group of byCommit(findings)) {
      const due = dueOf(group, told, hook, deployment, now);
      const message = due === undefined ? undefined : await messageOf(deployment, due.findings, due.kind, hook);
      if (due === undefined || message === undefined) continue;
      // Only after the outbox has it: a crash between the two repeats the message under the same id.
      await outbox.add(outlet, message);
      for (const { id, attribution } of due.findings) told[id] = attribution.status === 'pending' ? 'pending' : 'settled';
      if (due.kind === 'follow-up') for (const { id } of group) if (told[id] === 'pending') told[id] = 'settled';
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
  const { hooks } = deployment;
  if (hooks.length === 0) return { delivered: 0, waiting: 0, dead: 0 };
  const outbox = outboxOf(deployment);
  const outlets = Object.fromEntries(
    hooks.flatMap((hook, index) => {
      const told = delivererOf(deployment, hook);
      return told === undefined ? [] : [[outletName(hook, index), told]];
    }),
  );
  const deliveries = await outbox.deliver(outlets, options.signal);
  for (const { outlet, status, detail } of deliveries) if (status !== 'delivered') options.problem(`${outlet}: ${detail}`);
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  return { delivered: deliveries.filter(({ status }) => status === 'delivered').length, waiting: waiting.length, dead: dead.length };
}

function outboxOf({ stateDir, surroundings }: Deployment): Outbox {
  return openOutbox(outboxFolder(stateDir), { now: surroundings.now, lock: (folder) => lockUnlessHeld(folder, surroundings) });
}

async function lockUnlessHeld(folder: string, surroundings: Deployment['surroundings']): Promise<Held | undefined> {
  try {
    return await acquireLock(folder, surroundings);
  } catch (error) {
    if (error instanceof DrifttrailError && error.code === 'locked') return undefined;
    throw error;
  }
}

/** What has been told is read, completed and written back: by one process at a time (a run, and `notify` of a git hook). */
async function waitForTurn({ stateDir, surroundings }: Deployment): Promise<Held> {
  const folder = join(stateDir, 'announcing');
  for (let waited = 0; ; waited += 100) {
    const held = await lockUnlessHeld(folder, surroundings);
    if (held !== undefined) return held;
    if (waited >= PATIENCE) return acquireLock(folder, surroundings); // says who has it
    await surroundings.sleep(100);
  }
}

/**
 * What is to be said of one commit now. All of it in one message: it waits until each finding has its attribution, or
 * patience ends, or one of them is urgent. What was told without an actor gets one follow-up, once none is pending.
 */
function dueOf(
  group: readonly Finding[],
  told: Readonly<Announced[string]>,
  hook: ConfiguredHook,
  { config }: Deployment,
  now: Date,
): { readonly findings: readonly Finding[]; readonly kind: Message['kind'] } | undefined {
  const wanted = group.filter(({ ignored, level }) => ignored === undefined && atLeast(level, hook.from));
  const pending = wanted.filter(({ attribution }) => attribution.status === 'pending');
  const untold = wanted.filter(({ id }) => told[id] === undefined);
  if (group.some(({ id }) => told[id] !== undefined)) {
    const known = wanted.filter(({ id, attribution }) => told[id] === 'pending' && attribution.actor !== undefined);
    const further = [...known, ...untold];
    return pending.length > 0 || further.length === 0 ? undefined : { findings: further, kind: 'follow-up' };
  }
  const urgent = untold.some(({ level }) => atLeast(level, config.urgent));
  const waits = pending.some(({ window }) => now.getTime() - Date.parse(window.to) <= durationOf(config.patience));
  return untold.length === 0 || (waits && !urgent) ? undefined : { findings: untold, kind: 'changes' };
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
