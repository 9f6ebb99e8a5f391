/** Alerts of monitors, sent to us as webhooks: answered with what changed before, here and through the outlets that answer. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { tellAnswer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { deliver } from '../outlets.ts';
import { type Alert, readAlert } from '../pipeline/alert.ts';
import { quietJson, suspectsJson } from '../pipeline/suspects-json.ts';
import { beforeTrouble } from '../pipeline/trouble.ts';
import { LOOK_BACK, momentBefore, parseDuration } from '../questions/time.ts';
import { sized, textOf } from './body.ts';
import { checked, requireKnown } from './route.ts';

/** Bytes: an Alertmanager group of some hundred alerts. */
const LARGEST = 1024 * 1024;
/** Suspects that are named. */
const MOST = 20;
/** Milliseconds. */
const OLDEST = 90 * 86_400_000;

export type Bounded = <Value>(context: Context, work: (signal: AbortSignal) => Promise<Value>) => Promise<Value>;

/** What the address may say besides, for one monitor as for another: its webhook itself cannot be changed. */
export const ASKED = {
  parameters: z.object({
    before: z
      .string()
      .regex(/^\d{1,7}[smhdw]$/, 'must be a duration such as 6h or 2d')
      .default(LOOK_BACK)
      .describe('How far to look back; at most 90d.'),
  }),
};

/** `bounded` makes an answer as those of other pages are made: so long, and so many at once. */
export function alerts(deployment: Deployment, bounded: Bounded, problem: (text: string) => void): Hono {
  const app = new Hono();
  app.post('/api/alerts', sized(LARGEST), async (context) => {
    requireJson(context);
    requireKnown(ASKED, context.req.queries());
    const { before } = checked(ASKED.parameters, context.req.query());
    if (parseDuration(before) > OLDEST) throw tooFar(before);
    const read = readAlert(await textOf(context), 'the request');
    if ('nothing' in read) return context.json(quietJson(read));
    const alert = recent(read, deployment.surroundings.now());
    const from = momentBefore(alert.at, before);
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

function tooFar(before: string): DrifttrailError {
  const message = `before=${before} is more than 90 days`;
  return new DrifttrailError({ code: 'query-invalid', message, remedy: 'for older causes: drifttrail timeline --before' });
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
