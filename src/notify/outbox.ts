/** Messages on disk until their outlet has taken them: at least once, in order per outlet, none waits on another. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Json, Message, Receipt } from '../model.ts';
import { addCounts, type Counts, readCounts } from './counts.ts';
import { deadlineOf } from './deadline.ts';
import { syncFolder, writeDurably } from './files.ts';
import { bury, enqueue, folderNames, itemNames, known, markSent, prepare, readItem } from './outbox-files.ts';

/** One message for one outlet. */
export interface OutboxItem {
  readonly message: Message;
  readonly addedAt: string;
  readonly attempts: number;
  /** Not before this time. */
  readonly nextAt: string;
  /** What the last attempt said. */
  readonly detail: string;
  /** Of a message that was taken in part: what its hook has to know to go on. */
  readonly rest?: Json;
}

export interface Delivery {
  readonly outlet: string;
  readonly id: string;
  readonly status: Receipt['status'];
  readonly detail: string;
}

export interface Outbox {
  /** Durable when it returns. False when the outlet has this message already, pending, sent or dead. */
  readonly add: (outlet: string, message: Message) => Promise<boolean>;
  /** Delivers what is due, all outlets at once. Outlets that are not named keep what they have. */
  readonly deliver: (outlets: Readonly<Record<string, Deliver>>, signal?: AbortSignal) => Promise<Delivery[]>;
  readonly pending: () => Promise<(OutboxItem & { readonly outlet: string })[]>;
  /** Messages that were refused for good or waited too long. */
  readonly dead: () => Promise<(OutboxItem & { readonly outlet: string })[]>;
  /** Puts the dead messages of these outlets back into their queue, under their ids and at its end. Resolves to how many. */
  readonly revive: (outlets: readonly string[]) => Promise<number>;
  /** What has become of an outlet's messages since the beginning. */
  readonly counts: (outlet: string) => Promise<Counts>;
}

export type Deliver = (message: Message, signal: AbortSignal, rest?: Json) => Promise<Receipt>;

export interface OutboxOptions {
  readonly now: () => Date;
  /** Milliseconds that one delivery may take; default 30,000. */
  readonly deadline?: number;
  /** Milliseconds after which a message that was never taken is dead; default a week. */
  readonly keep?: number;
  /**
   * Keeps other processes from delivering from a folder meanwhile, so that no message goes out twice because two of them
   * look at once. Undefined when another one has it.
   */
  readonly lock?: (folder: string) => Promise<Held | undefined>;
}

export interface Held {
  readonly release: () => Promise<void>;
}

const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 15 * 60_000;
const NOBODY: Held = { release: async () => undefined };

/** `folder` is `state/outbox`: `<outlet>/<number>-<id>.json`, `<outlet>/dead/…`, and empty files in `<outlet>/sent/`. */
export function openOutbox(folder: string, options: OutboxOptions): Outbox {
  const { now, deadline = 30_000, keep = 7 * 86_400_000, lock } = options;

  const add: Outbox['add'] = async (outlet, message) => {
    const home = homeOf(folder, outlet);
    await prepare(home);
    if (await known(home, message.id)) return false;
    const time = now().toISOString();
    const item: OutboxItem = { message, addedAt: time, attempts: 0, nextAt: time, detail: '' };
    const names = await itemNames(home);
    await enqueue(home, item, names);
    return true;
  };

  const attempt = async (home: string, name: string, before: OutboxItem, deliver: Deliver, signal?: AbortSignal): Promise<Receipt> => {
    const receipt = await bounded(deliver, before, deadline, signal);
    // A try that failed as a whole takes nothing back of what was taken before.
    const { rest = before.rest } = receipt;
    const item: OutboxItem = rest === undefined ? before : { ...before, rest };
    const at = now().getTime();
    if (receipt.status === 'delivered') await markSent(home, name, item.message.id);
    else if (receipt.status === 'rejected') await bury(home, name, { ...item, attempts: item.attempts + 1, detail: receipt.detail });
    else if (at - Date.parse(item.addedAt) > keep) await bury(home, name, { ...item, detail: `given up: ${receipt.detail}` });
    else {
      const wait = Math.max(receipt.retryAfter ?? 0, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(item.attempts, 10)));
      const next = { ...item, attempts: item.attempts + 1, nextAt: new Date(at + wait).toISOString(), detail: receipt.detail };
      await writeDurably(join(home, name), `${JSON.stringify(next)}\n`);
    }
    return rest === undefined ? receipt : { ...receipt, rest };
  };

  const revive: Outbox['revive'] = async (outlets) => {
    let count = 0;
    for (const outlet of outlets) {
      const home = homeOf(folder, outlet);
      for (const name of await itemNames(join(home, 'dead'))) {
        const item = await readItem(join(home, 'dead', name));
        if (item === undefined) continue;
        const time = now().toISOString();
        // In the queue before it leaves the dead: a crash in between sends it once more under its id, rather than never.
        await enqueue(home, { ...item, addedAt: time, attempts: 0, nextAt: time }, await itemNames(home));
        await rm(join(home, 'dead', name), { force: true });
        await syncFolder(join(home, 'dead'));
        count++;
      }
    }
    return count;
  };

  const drain = async (outlet: string, deliver: Deliver, signal?: AbortSignal): Promise<Delivery[]> => {
    const home = homeOf(folder, outlet);
    if ((await itemNames(home)).length === 0) return [];
    const held = lock === undefined ? NOBODY : await lock(home);
    if (held === undefined) return []; // another process delivers these
    const deliveries: Delivery[] = [];
    try {
      // What is added while we deliver, by a process that found us at it, is ours to deliver too.
      for (let seen: string[] = [], names = await itemNames(home); names.length > 0; ) {
        for (const name of names) {
          const item = await readItem(join(home, name));
          if (item === undefined) continue; // another process has taken it meanwhile
          if (signal?.aborted) return deliveries;
          // Later messages wait behind an earlier one: an outlet tells a story in order. Not behind one that was taken in part:
          // one full mailbox would keep everybody from being told.
          if (Date.parse(item.nextAt) > now().getTime()) {
            if (item.rest === undefined) return deliveries;
            continue;
          }
          const { status, detail, rest } = await attempt(home, name, item, deliver, signal);
          deliveries.push({ outlet, id: item.message.id, status, detail });
          if (status === 'retry' && rest === undefined) return deliveries;
        }
        seen = [...seen, ...names];
        names = (await itemNames(home)).filter((name) => !seen.includes(name));
      }
    } finally {
      await addCounts(home, deliveries, now());
      await held.release();
    }
    return deliveries;
  };

  const listed = async (part: string) => {
    const items: (OutboxItem & { outlet: string })[] = [];
    for (const outlet of await folderNames(folder)) {
      const home = join(folder, outlet, part);
      for (const name of await itemNames(home)) {
        const item = await readItem(join(home, name));
        if (item !== undefined) items.push({ outlet, ...item });
      }
    }
    return items;
  };

  return {
    add,
    deliver: async (outlets, signal) =>
      (await Promise.all(Object.entries(outlets).map(([outlet, deliver]) => drain(outlet, deliver, signal)))).flat(),
    pending: () => listed('.'),
    dead: () => listed('dead'),
    revive,
    counts: (outlet) => readCounts(homeOf(folder, outlet)),
  };
}

/** A delivery that throws or ignores its deadline counts as one to be repeated. */
async function bounded(deliver: Deliver, { message, rest }: OutboxItem, deadline: number, outer?: AbortSignal): Promise<Receipt> {
  const { signal, late, clear } = deadlineOf(deadline, outer);
  const stopped = new Promise<Receipt>((resolve) => {
    const stop = () => resolve({ status: 'retry', detail: late() ? `no receipt within ${deadline / 1000} s` : 'stopped' });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([deliver(message, signal, rest), stopped]);
  } catch (error) {
    return {
      status: 'retry',
      detail: error instanceof DrifttrailError ? error.message : `the outlet failed: ${error instanceof Error ? error.name : 'unknown'}`,
    };
  } finally {
    clear();
  }
}

function homeOf(folder: string, outlet: string): string {
  if (/^\w[\w.-]{0,63}$/.test(outlet)) return join(folder, outlet);
  throw new DrifttrailError({
    code: 'outlet-name',
    message: `an outlet cannot be named ${JSON.stringify(outlet)}`,
    remedy: 'use letters, digits, dots and dashes, at most 64',
  });
}
