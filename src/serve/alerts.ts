/** Alerts of monitors, sent to us as webhooks: answered with what changed before, here and through the outlets that answer. */
import { type Context, Hono } from 'hono';
import { tellAnswer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { deliver } from '../outlets.ts';
import { type Alert, readAlert } from '../pipeline/alert.ts';
import { suspectsJson } from '../pipeline/suspects-json.ts';
import { beforeTrouble } from '../pipeline/trouble.ts';
import { sized } from './body.ts';

/** Bytes: an Alertmanager group of some hundred alerts. */
const LARGEST = 1024 * 1024;
/** Milliseconds that are looked back, and suspects that are named. */
const BEFORE = 6 * 3_600_000;
const MOST = 20;
/** Milliseconds. */
const OLDEST = 90 * 86_400_000;

export type Bounded = <Value>(context: Context, work: (signal: AbortSignal) => Promise<Value>) => Promise<Value>;

/** `bounded` makes an answer as those of other pages are made: so long, and so many at once. */
export function alerts(deployment: Deployment, bounded: Bounded, problem: (text: string) => void): Hono {
  const app = new Hono();
  app.post('/api/alerts', sized(LARGEST), async (context) => {
    requireJson(context);
    const alert = recent(readAlert(await context.req.text(), 'the request'), deployment.surroundings.now());
    const from = new Date(Date.parse(alert.at) - BEFORE).toISOString();
    const found = await bounded(context, (signal) =>
      beforeTrouble(
        { ...deployment, store: deployment.store.within(signal) },
        { at: alert.at, from, near: alert.named, words: alert.words },
      ),
    );
    const told = await tellAnswer(deployment, { alert, from, suspects: found.suspects });
    // A monitor waits for seconds only; what is not delivered now stays in the outbox.
    if (told.length > 0)
      deliver(deployment, { signal: AbortSignal.timeout(60_000), problem }).catch((error) => problem(describeError(error)));
    return context.json({ ...suspectsJson(found, { at: alert.at, from, near: null, alert, most: MOST }), told });
  });
  return app;
}

/** An alert of another century would be answered by reading all the history there is. */
function recent(alert: Alert, now: Date): Alert {
  if (Math.abs(now.getTime() - Date.parse(alert.at)) <= OLDEST) return alert;
  throw new DrifttrailError({
    code: 'alert-invalid',
    message: `the alert says that it began at ${alert.at}`,
    remedy: 'an alert of the last 90 days is answered; for older trouble: drifttrail timeline --at',
  });
}

/** No page of another site can send JSON here without being asked first, which it is not. */
function requireJson({ req }: Context): void {
  if (/^application\/json\s*(;|$)/i.test(req.header('content-type') ?? '')) return;
  throw new DrifttrailError({
    code: 'alert-invalid',
    message: 'an alert is sent as application/json',
    remedy: 'set the header content-type: application/json',
  });
}
