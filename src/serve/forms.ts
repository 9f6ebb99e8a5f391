/** What a person may do here: sign in and out, set a finding aside and take that back. */
import { type Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { findingById, isFindingId } from '../questions/findings.ts';
import { parseEnding } from '../questions/time.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { acknowledge } from '../pipeline/acks.ts';
import { findingPath } from '../pipeline/links.ts';
import { SESSION_SECONDS } from './access.ts';
import { fieldsOf, sized } from './body.ts';
import { COOKIE, type Gate, isOurForm, safeNext, sessionOf } from './guard.ts';
import { loginPage } from './layout.ts';
import { link } from './markup.ts';

/** Bytes. */
const LARGEST_FORM = 16_384;
/** Milliseconds that a wrong token costs, and that a form waits for a run to end. */
const WRONG = 500;
export function forms(gate: Gate, deployment: Deployment): Hono {
  const app = new Hono();
  for (const path of ['/login', '/logout', '/findings/:id/ack']) app.post(path, sized(LARGEST_FORM));

  app.get('/login', (context) =>
    gate.access.open ? context.redirect('/', 303) : context.html(loginPage(safeNext(context.req.query('next') ?? '/'), false)),
  );

  app.post('/login', async (context) => {
    const { token, next } = await fieldsOf(context);
    if (!isOurForm(context, gate)) return foreign(context);
    const to = safeNext(next ?? '/');
    if (!gate.access.isToken(token ?? '')) {
      await deployment.surroundings.sleep(WRONG);
      return context.html(loginPage(to, true), 401);
    }
    setCookie(context, COOKIE, gate.access.newSession(gate.now()), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_SECONDS,
      secure: gate.baseUrl?.startsWith('https:') === true,
    });
    return context.redirect(to, 303);
  });

  app.post('/logout', async (context) => {
    const { mark } = await fieldsOf(context);
    if (!isOurForm(context, gate) || !gate.access.isFormMark(mark ?? '', sessionOf(context, gate))) return foreign(context);
    deleteCookie(context, COOKIE, { path: '/' });
    return context.redirect('/login', 303);
  });

  app.post('/findings/:id/ack', async (context) => {
    const { mark, reason = '', by = '', until = '', withdraw } = await fieldsOf(context);
    if (!isOurForm(context, gate) || !gate.access.isFormMark(mark ?? '', sessionOf(context, gate))) return foreign(context);
    const id = context.req.param('id');
    if (!isFindingId(id)) throw new DrifttrailError({ code: 'finding-unknown', message: 'that is not the id of a finding' });
    const { finding } = await findingById(deployment, id);
    const now = gate.now();
    const said =
      withdraw === 'yes'
        ? { finding: finding.id }
        : { finding: finding.id, ...spoken(reason, by), at: now.toISOString(), ...endingOf(until, now) };
    await acknowledge(deployment, said, by.trim() === '' ? 'somebody' : by.trim());
    return context.redirect(link(findingPath(finding.id), { said: withdraw === 'yes' ? 'withdrawn' : 'acknowledged' }), 303);
  });
  return app;
}

function foreign(context: Context): Response {
  return context.text('This form is not from a page of this server, or the page is older than the server. Load the page again.\n', 403);
}

function spoken(reason: string, by: string): { reason: string; by: string } {
  if (reason.trim() !== '' && by.trim() !== '' && reason.length <= 500 && by.length <= 100) return { reason: reason.trim(), by: by.trim() };
  throw new DrifttrailError({
    code: 'reason-missing',
    message: 'an acknowledgement needs a reason and a name',
    remedy: 'say why it is fine, in up to 500 characters; the next one to see it will want to know',
  });
}

function endingOf(text: string, now: Date): { until?: string } {
  return text === '' ? {} : { until: parseEnding(text, now) };
}
