import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message, Receipt } from '../../src/model.ts';
import { type Outbox, openOutbox } from '../../src/notify/outbox.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { messageOf } from './findings.ts';

let folder: string;
let time: number;
let outbox: Outbox;
const reopen = () => openOutbox(join(folder, 'outbox'), { now: () => new Date(time), deadline: 200 });
const message = (number: number): Message => messageOf({ id: `m-${String(number).padStart(16, '0')}` });
const ok: Receipt = { status: 'delivered', detail: '200' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drifttrail-outbox-'));
  time = Date.parse('2026-01-14T12:00:00Z');
  outbox = reopen();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** An outlet that answers from a list, then with `delivered`, and remembers what it was sent. */
function outlet(...answers: (Receipt | Error | 'hang')[]) {
  const got: string[] = [];
  const deliver = async ({ id }: Message): Promise<Receipt> => {
    got.push(id.slice(-1));
    const answer = answers.shift() ?? ok;
    if (answer === 'hang') return new Promise(() => undefined);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { got, deliver };
}

describe('outbox', () => {
  it('delivers in order, once, and remembers it across a restart', async () => {
    for (const number of [1, 2, 3]) expect(await outbox.add('slack', message(number))).toBe(true);
    expect(await outbox.add('slack', message(2))).toBe(false);
    const { got, deliver } = outlet();
    await reopen().deliver({ slack: deliver });
    expect(got).toEqual(['1', '2', '3']);
    expect(await reopen().add('slack', message(2))).toBe(false);
    expect(await reopen().pending()).toEqual([]);
  });

  it('keeps a message until it is taken, under the same id, and waits longer each time', async () => {
    await outbox.add('slack', message(1));
    const busy: Receipt = { status: 'retry', detail: '500' };
    const { got, deliver } = outlet(busy, busy, new Error('broken'));
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      await outbox.deliver({ slack: deliver });
      const [item] = await outbox.pending();
      waits.push(Date.parse(item?.nextAt ?? '') - time);
      await outbox.deliver({ slack: deliver }); // too early: nothing happens
      time = Date.parse(item?.nextAt ?? '');
    }
    await outbox.deliver({ slack: deliver });
    expect(got).toEqual(['1', '1', '1', '1']);
    expect(waits).toEqual([15_000, 30_000, 60_000]);
    expect(await outbox.pending()).toEqual([]);
  });

  it('honours Retry-After and holds later messages back until then', async () => {
    await outbox.add('slack', message(1));
    await outbox.add('slack', message(2));
    const { got, deliver } = outlet({ status: 'retry', detail: '429', retryAfter: 3_600_000 });
    await outbox.deliver({ slack: deliver });
    time += 3_599_000;
    await outbox.deliver({ slack: deliver });
    expect(got).toEqual(['1']);
    time += 1000;
    await outbox.deliver({ slack: deliver });
    expect(got).toEqual(['1', '1', '2']);
  });

  it('puts what is refused for good among the dead, with the reason, and goes on', async () => {
    await outbox.add('slack', message(1));
    await outbox.add('slack', message(2));
    const { got, deliver } = outlet({ status: 'rejected', detail: '400: invalid_payload' });
    await outbox.deliver({ slack: deliver });
    expect(got).toEqual(['1', '2']);
    expect(await outbox.dead()).toMatchObject([
      { outlet: 'slack', detail: '400: invalid_payload', attempts: 1, message: { id: message(1).id } },
    ]);
    expect(await outbox.add('slack', message(1))).toBe(false);
  });

  it('sends dead messages again when told to, under their ids and after what waits, and counts it all', async () => {
    for (const number of [1, 2]) await outbox.add('slack', message(number));
    const no: Receipt = { status: 'rejected', detail: '400' };
    await outbox.deliver({ slack: outlet(no, { status: 'retry', detail: '500' }).deliver });
    expect(await outbox.counts('slack')).toEqual({ sent: 0, retried: 1, failed: 1, lastSuccess: null });
    expect(await outbox.revive(['slack', 'other'])).toBe(1);
    expect(await outbox.dead()).toEqual([]);
    time += 60_000;
    const { got, deliver } = outlet();
    await outbox.deliver({ slack: deliver });
    expect(got).toEqual(['2', '1']);
    expect(await reopen().counts('slack')).toEqual({ sent: 2, retried: 1, failed: 1, lastSuccess: new Date(time).toISOString() });
    expect(await outbox.revive(['slack'])).toBe(0);
  });

  it('lets a hanging outlet delay nobody', async () => {
    for (const name of ['slow', 'fast']) for (const number of [1, 2]) await outbox.add(name, message(number));
    const [slow, fast] = [outlet('hang'), outlet()];
    const order: string[] = [];
    const deliveries = await outbox.deliver({
      slow: (sent) => slow.deliver(sent).finally(() => order.push('slow')),
      fast: (sent) => fast.deliver(sent).finally(() => order.push('fast')),
    });
    expect(order).toEqual(['fast', 'fast']);
    expect(deliveries.filter((delivery) => delivery.outlet === 'slow')).toEqual([
      { outlet: 'slow', id: message(1).id, status: 'retry', detail: 'no receipt within 0.2 s' },
    ]);
    expect(await outbox.pending()).toHaveLength(2);
  });

  it('survives an hour without the outlet and loses nothing', async () => {
    for (const number of [1, 2, 3]) await outbox.add('slack', message(number));
    const end = time + 3_600_000;
    const got: string[] = [];
    while (time < end + 16 * 60_000) {
      await reopen().deliver({
        slack: async ({ id }) => {
          if (time < end) return { status: 'retry', detail: 'ECONNREFUSED' };
          got.push(id.slice(-1));
          return ok;
        },
      });
      time += 60_000;
    }
    expect(got).toEqual(['1', '2', '3']);
  });

  it('sends again under the same id when the process died before the receipt was written', async () => {
    await outbox.add('slack', message(1));
    const first = outlet('hang');
    const died = outbox.deliver({ slack: first.deliver });
    const second = outlet();
    await reopen().deliver({ slack: second.deliver });
    expect(second.got).toEqual(['1']);
    await died;
  });

  it('sends a message once though two processes look at the same moment, and each delivers what the other adds', async () => {
    const locked = () =>
      openOutbox(join(folder, 'outbox'), {
        now: () => new Date(time),
        lock: (home) => acquireLock(home, { now: () => new Date(time) }).catch(() => undefined),
      });
    for (const number of [1, 2]) await outbox.add('slack', message(number));
    const got: string[] = [];
    const slow = async ({ id }: Message): Promise<Receipt> => {
      got.push(id.slice(-1));
      if (id === message(1).id) await locked().add('slack', message(3));
      await new Promise((resolve) => setTimeout(resolve, 30));
      return ok;
    };
    const deliveries = await Promise.all(Array.from({ length: 4 }, () => locked().deliver({ slack: slow })));
    expect(got).toEqual(['1', '2', '3']);
    expect(deliveries.map((list) => list.length).sort()).toEqual([0, 0, 0, 3]);
    expect(await outbox.pending()).toEqual([]);
    // The turn is given back, also after an outlet that failed.
    await outbox.add('slack', message(4));
    await locked().deliver({ slack: () => Promise.reject(new Error('x')) });
    time += 3_600_000;
    expect(await locked().deliver({ slack: slow })).toHaveLength(1);
  });

  it('is durable before it says so: written, synced, then named, then the folder synced', async () => {
    const steps: string[] = [];
    const probe = await open(join(folder, 'probe'), 'w');
    const handle = Object.getPrototypeOf(probe) as { sync: () => Promise<void> };
    await probe.close();
    const real = handle.sync;
    const spied = vi.spyOn(handle, 'sync').mockImplementation(async function (this: { sync: () => Promise<void> }) {
      const names = await readdir(join(folder, 'outbox', 'slack')).catch(() => []);
      steps.push(names.some((name) => name.endsWith('.json')) ? 'synced after naming' : 'synced before naming');
      return real.call(this);
    });
    await outbox.add('slack', message(1));
    spied.mockRestore();
    expect(steps).toEqual(['synced before naming', 'synced after naming']);
  });

  it('hands back what a try left to do, keeps it through failures, death and revival, and lets later messages pass', async () => {
    for (const number of [1, 2]) await outbox.add('mail', message(number));
    const rests: unknown[] = [];
    const answers: (Receipt | Error)[] = [
      { status: 'retry', detail: '1 of 2', rest: { took: ['a'] } },
      ok,
      new Error('broken'),
      { status: 'rejected', detail: '550' },
    ];
    const deliver = async ({ id }: Message, _signal: AbortSignal, rest?: unknown): Promise<Receipt> => {
      rests.push([id.slice(-1), rest]);
      const answer = answers.shift() ?? ok;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    await outbox.deliver({ mail: deliver });
    await outbox.add('mail', message(3));
    answers.unshift(ok);
    await reopen().deliver({ mail: deliver }); // too early for the first, not for the third
    for (let round = 0; round < 2; round++) {
      time += 3_600_000;
      await reopen().deliver({ mail: deliver });
    }
    expect(await outbox.dead()).toMatchObject([{ rest: { took: ['a'] } }]);
    await outbox.revive(['mail']);
    await outbox.deliver({ mail: deliver });
    const rest = { took: ['a'] };
    expect(rests).toEqual([
      ['1', undefined],
      ['2', undefined],
      ['3', undefined],
      ['1', rest],
      ['1', rest],
      ['1', rest],
    ]);
  });

  it('gives up after a week and says so', async () => {
    await outbox.add('slack', message(1));
    time += 8 * 86_400_000;
    await outbox.deliver({ slack: outlet({ status: 'retry', detail: 'ECONNREFUSED' }).deliver });
    expect(await outbox.dead()).toMatchObject([{ detail: 'given up: ECONNREFUSED' }]);
  });

  it('never overwrites when many add at once, and leaves no half-written file', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, number) => reopen().add('slack', message(number))));
    const names = await readdir(join(folder, 'outbox', 'slack'));
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await outbox.pending()).toHaveLength(40);
    expect((await stat(join(folder, 'outbox', 'slack', names.find((name) => name.endsWith('.json')) ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('refuses names that lead out of its folder', async () => {
    for (const name of ['../x', 'a/b', '', '.']) await expect(outbox.add(name, message(1))).rejects.toThrow(/cannot be named/);
  });
});
