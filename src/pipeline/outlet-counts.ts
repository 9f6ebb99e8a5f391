/** How every outlet fares: what was sent, what waits, what lies in its tray, what it refused. */
import type { Deployment } from '../deployment.ts';
import type { OutletCounts } from '../model.ts';
import { outboxOf } from './outlet.ts';
import { readTray } from './tray.ts';

export async function outletCounts(deployment: Deployment): Promise<Record<string, OutletCounts>> {
  const outbox = outboxOf(deployment);
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  const found: Record<string, OutletCounts> = {};
  for (const { hook, outlet } of deployment.hooks) {
    if (hook.deliver === undefined) continue;
    const { findings, leaving } = readTray(deployment.stateDir, outlet);
    found[outlet] = {
      ...(await outbox.counts(outlet)),
      waiting: waiting.filter((item) => item.outlet === outlet).length,
      dead: dead.filter((item) => item.outlet === outlet).length,
      held: findings.length + leaving.length,
    };
  }
  return found;
}
