/** Alerts of monitors, sent to us as webhooks: answered with what changed before, here and through the outlets that answer. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { tellAnswer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { deliver } from '../outlets.ts';
import { readAlert } from '../pipeline/alert.ts';
import { suspectsJson } from '../pipeline/suspects-json.ts';
import { beforeTrouble } from '../pipeline/trouble.ts';

/** Bytes: an Alertmanager group of some hundred alerts. */
const LARGEST = 1024 * 1024;
/** Milliseconds that are looked back, and suspects that are named. */
const BEFORE = 6 * 3_600_000;
const MOST = 20;

export function alerts(deployment: Deployment, problem: (text: string) => void): Hono {
  const app = new Hono();
  app.post(
    '/api/alerts',
    bodyLimit({ maxSize: LARGEST, onError: (context) => context.json({ schemaVersion: 1, error: { code: 'too-large' } }, 413) }),
    async (context) => {
      requireJson(context);
      const alert = readAlert(await context.req.text(), 'the request');
      const from = new Date(Date.parse(alert.at) - BEFORE).toISOString();
      const found = await beforeTrouble(deployment, { at: alert.at, from, near: alert.named, words: alert.words });
      const told = await tellAnswer(deployment, { alert, from, suspects: found.suspects });
      // A monitor waits for seconds only; what is not delivered now stays in the outbox.
      if (told.length > 0)
        void deliver(deployment, { signal: AbortSignal.timeout(60_000), problem }).catch((error) => problem(describeError(error)));
      return context.json({ ...suspectsJson(found, { at: alert.at, from, near: null, alert, most: MOST }), told });
    },
  );
  return app;
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
