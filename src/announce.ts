/** Decides what each outlet has not been told yet, and puts it into the durable outbox, or into the outlet's tray for later. */
import { join } from 'node:path';
import type { ConfiguredHook, Deployment } from './deployment.ts';
import type { Finding, Message } from './model.ts';
import { composeMessage } from './notify/message.ts';
import type { Held, Outbox } from './notify/outbox.ts';
import { inParts } from './notify/parts.ts';
import { withTitle } from './notify/template.ts';
import { withAside } from './pipeline/aside.ts';
import { type Due, readAnnounced, type Told, writeAnnounced } from './pipeline/announced.ts';
import { collects, dueOf, isTold, isUrgent } from './pipeline/due.ts';
import { ignoringOf, placesOf } from './pipeline/ignore.ts';
import { linkSince, linkTo } from './pipeline/links.ts';
import { lockUnlessHeld, outboxOf } from './pipeline/outlet.ts';
import { placeOf, putBack } from './pipeline/put-back.ts';
import { isOfTrail } from './pipeline/trail-findings.ts';
import { put, readTray, refreshed, type Tray, writeTray } from './pipeline/tray.ts';
import { markUndone } from './pipeline/undone.ts';
import { durationOf } from './pipeline/windows.ts';
import { acquireLock } from './store/lock.ts';

/** Milliseconds that one process waits for another to have put its messages into the outbox: that takes a moment. */
const PATIENCE = 60_000;

/** One outlet at one look. */
interface Telling {
  readonly deployment: Deployment;
  /** What is to be in the outbox. */
  readonly due: Due[];
  readonly outlet: string;
  readonly hook: ConfiguredHook;
  readonly told: Record<string, Told>;
  readonly findings: readonly Finding[];
}

/** Puts what each outlet has not been told yet into the outbox; `findings` are those of the last commits, oldest first. */
export async function announceAll(deployment: Deployment, findings: readonly Finding[]): Promise<void> {
  if (deployment.hooks.length === 0) return;
  const held = await waitForTurn(deployment);
  try {
    // What was put back before anybody heard of it is told so from the beginning.
    await announceDue(deployment, markUndone(await withAside(deployment, findings)));
  } finally {
    await held.release();
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
 * What is told and its messages are written down at once, then the messages go to the outbox, then what they hold leaves the trays.
 * After a crash the first thing is to do the rest of it: the messages keep their ids, and a follow-up that is owed is not forgotten.
 */
async function announceDue(deployment: Deployment, findings: readonly Finding[]): Promise<void> {
  const { config, hooks, kinds, stateDir, surroundings } = deployment;
  const outbox = outboxOf(deployment);
  const { announced, due: owed } = readAnnounced(stateDir);
  if (owed.length > 0) {
    await finish(deployment, outbox, owed);
    // Else a crash from here on would take what leaves a tray now for a part of it.
    writeAnnounced(stateDir, { announced, due: [] });
  }
  const due: Due[] = [];
  const ignoring = ignoringOf(config.ignore, kinds, surroundings.now().toISOString());
  for (const hook of hooks) {
    if (hook.hook.deliver === undefined) continue;
    const { outlet } = hook;
    const told = announced[outlet] ?? {};
    announced[outlet] = told;
    await announceTo({ deployment, due, outlet, hook, told, findings });
    // Nobody wants last week's news on the day that a rule ends.
    for (const finding of findings)
      if (ignoring(placesOf(finding)) !== undefined) told[finding.id] ??= { ...toldNow(finding), state: 'silent' };
  }
  writeAnnounced(stateDir, { announced, due });
  await finish(deployment, outbox, due);
  if (due.length > 0) writeAnnounced(stateDir, { announced, due: [] });
}

/** What `announced.json` says to be told: into the outbox, and out of the trays. */
async function finish({ hooks, stateDir }: Deployment, outbox: Outbox, due: readonly Due[]): Promise<void> {
  for (const [outlet, message] of due) await outbox.add(outlet, message);
  for (const { outlet } of hooks) {
    const tray = readTray(stateDir, outlet);
    if (tray.leaving.length > 0) await writeTray(stateDir, outlet, { ...tray, leaving: [] });
  }
}

async function announceTo(telling: Telling): Promise<void> {
  const { stateDir } = telling.deployment;
  const before = readTray(stateDir, telling.outlet);
  // A crash came before it was written down that they lie there.
  for (const finding of before.findings) telling.told[finding.id] ??= { ...toldNow(finding), state: 'held' };
  const taken = await takeOut(telling, before);
  await tellLeaving(telling, taken);
  const tray = await tellDue(telling, await tellPutBack(telling, taken));
  if (tray !== taken) await writeTray(stateDir, telling.outlet, tray);
}

/** The tray with its findings on their way out, if its time has come: on disk first, so that they leave together once more after a crash. */
async function takeOut({ deployment, outlet, hook: { speaking } }: Telling, tray: Tray): Promise<Tray> {
  const now = deployment.surroundings.now();
  if (tray.leaving.length > 0 || tray.since === null || !(await isTime(tray.since))) return tray;
  const taken: Tray = { since: null, findings: [], leaving: tray.findings };
  await writeTray(deployment.stateDir, outlet, taken);
  return taken;

  async function isTime(since: string): Promise<boolean> {
    const { digest, group, zone } = speaking;
    if (digest !== undefined) return (await import('./notify/cron.ts')).hadTurn(digest, zone, new Date(since), now);
    if (collects({ ...speaking, group: undefined }, now)) return false; // it is quiet
    return group === undefined || now.getTime() - Date.parse(since) >= durationOf(group);
  }
}

async function tellLeaving(telling: Telling, { leaving }: Tray): Promise<void> {
  if (leaving.length === 0) return;
  const { hook, told, findings } = telling;
  // The configuration may want less by now than when they came in.
  const left = refreshed(leaving, findings).filter((finding) => isTold(finding, hook.speaking));
  if (hook.hook.each === true)
    for (const finding of left) await send(telling, [finding], finding.undone === undefined ? 'changes' : 'resolve');
  else {
    const ids = leaving.map(({ id }) => id);
    const single = new Set(leaving.map(({ commit }) => commit)).size === 1;
    await send(telling, left, single ? 'changes' : 'digest', ids);
  }
  for (const finding of left) told[finding.id] = toldNow(finding);
}

/** What was told and does not stand any more: to whoever heard of it, at once or with the rest of the tray. */
async function tellPutBack(telling: Telling, before: Tray): Promise<Tray> {
  const { deployment, hook, told, findings } = telling;
  const now = deployment.surroundings.now();
  const context = { speaking: hook.speaking, urgent: deployment.config.urgent };
  const groups = new Map<string, { readonly commit: string | null; readonly group: Finding[] }>();
  let tray = before;
  for (const { finding, by } of await putBack(deployment, findings, told)) {
    const isHeld = tray.findings.some(({ id }) => id === finding.id);
    // Ending an incident wakes nobody: what is kept finding by finding hears of it at once.
    const waits = hook.hook.each !== true && collects(hook.speaking, now) && !isUrgent(finding, context);
    if (isHeld || waits) tray = put(tray, [finding], now.toISOString());
    // What a trail could not read stands in no commit.
    else groups.set(by.commit ?? by.id, { commit: by.commit, group: [...(groups.get(by.commit ?? by.id)?.group ?? []), finding] });
    if (!isHeld) told[finding.id] = toldNow(finding);
    // "Put back" says it: the act that did no more than that, and is no worse, is not told once more.
    if (isOnlyThat(by, finding)) told[by.id] ??= { ...toldNow(by), state: 'silent' };
  }
  for (const { commit, group } of groups.values())
    for (const part of hook.hook.each === true ? group.map((finding) => [finding]) : [group])
      await send(telling, part, 'resolve', undefined, commit ?? undefined);
  return tray;
}

function isOnlyThat(by: Finding, finding: Finding): boolean {
  const size = (one: Finding) => [one, ...(one.parts ?? [])].reduce((sum, { change }) => sum + (change?.edits.length ?? 0), 0);
  return by.score <= finding.score && size(by) <= size(finding);
}

async function tellDue(telling: Telling, before: Tray): Promise<Tray> {
  const { deployment, hook, told, findings } = telling;
  const { config, surroundings } = deployment;
  const now = surroundings.now();
  const context = { speaking: hook.speaking, urgent: config.urgent, patience: durationOf(config.patience), now };
  let tray = before;
  for (const group of hook.hook.each === true ? findings.map((finding) => [finding]) : byCommit(findings)) {
    const due = dueOf(group, told, context);
    if (due === undefined) continue;
    await send(telling, due.now, hook.hook.each === true && due.now[0]?.undone !== undefined ? 'resolve' : due.kind);
    for (const finding of due.now) told[finding.id] = toldNow(finding);
    if (due.later.length > 0) tray = put(tray, due.later, now.toISOString());
    for (const finding of due.later) told[finding.id] = { ...toldNow(finding), state: 'held' };
    if (due.kind !== 'follow-up') continue;
    for (const { id } of group) if (told[id]?.state === 'pending') told[id] = { ...told[id], state: 'settled' };
  }
  return tray;
}

/** `commit`: of what put them back; else that of the findings. */
async function send(
  telling: Telling,
  findings: readonly Finding[],
  kind: Message['kind'],
  ids?: readonly string[],
  commit?: string,
): Promise<void> {
  const [first] = findings;
  if (first === undefined) return;
  const { deployment, due, outlet, hook } = telling;
  const { baseUrl } = deployment.config;
  const sha = kind === 'digest' ? null : (commit ?? first.commit);
  const message = composeMessage({
    commit: sha,
    subject: await subjectOf(deployment, sha, kind, findings),
    findings,
    kind,
    link: kind === 'digest' ? linkSince(baseUrl, first.window.from) : linkTo(baseUrl, findings, sha),
    ...(ids === undefined ? {} : { ids }),
    all: hook.hook.records === true,
  });
  if (message === undefined) return;
  const titled = withTitle(message, hook.speaking.title);
  for (const part of hook.hook.records === true ? inParts(titled) : [titled]) due.push([outlet, part]);
}

async function subjectOf({ store }: Deployment, sha: string | null, kind: Message['kind'], findings: readonly Finding[]): Promise<string> {
  if (kind === 'digest') {
    const times = findings.map(({ window }) => window.to).sort();
    return `seen between ${times[0]} and ${times.at(-1)}`;
  }
  if (sha !== null) return (await store.info(sha)).subject;
  return findings.every(isOfTrail) ? 'what the audit trail could read' : 'written and undone between two snapshots';
}

function toldNow(finding: Finding): Told {
  const place = placeOf(finding);
  const state = finding.undone !== undefined ? 'undone' : finding.attribution.status === 'pending' ? 'pending' : 'settled';
  return { state, ...(place === undefined ? {} : { place, commit: finding.commit }) };
}

function byCommit(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = finding.commit ?? `transient ${finding.id}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}
