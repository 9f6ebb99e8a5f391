/** The dashboard as one function from requests to answers. */
import { type Context, Hono } from 'hono';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { alerts, type Bounded } from './alerts.ts';
import { type Ask, createMemory } from './ask.ts';
import type { FindingsIndex } from './findings-index.ts';
import { forms } from './forms.ts';
import { type Gate, headers, isApi, names, readers, sessionOf } from './guard.ts';
import { document, errorPage } from './layout.ts';
import { SCRIPT } from './live.ts';
import { methodsAt } from './methods.ts';
import { openApi } from './openapi.ts';
import { refusalOf } from './refusal.ts';
import { type Answer, requireKnown, type Route } from './route.ts';
import { ROUTES } from './routes.ts';
import type { Titles } from './scan.ts';
import type { Hub } from './stream.ts';
import { ICON, STYLE } from './style.ts';

export interface Site {
  readonly deployment: Deployment;
  readonly index: FindingsIndex;
  readonly hub: Hub;
  readonly titles: Titles;
  readonly gate: Gate;
  /** Told of what whoever runs the server must know. */
  readonly problem: (text: string) => void;
}

/** Milliseconds for one answer. */
const DEADLINE = 10_000;
/** Answers in the making; more are told to come back. */
const MOST_AT_ONCE = 40;

export function createApp(site: Site): Hono {
  const { gate, hub, deployment } = site;
  const memory = createMemory();
  let making = 0;

  const limited: Bounded = async (context, work) => {
    if (making >= MOST_AT_ONCE) throw new DrifttrailError({ code: 'busy', message: 'many ask at once', remedy: 'try again in a moment' });
    making++;
    try {
      return await bounded(context.req.raw.signal, work);
    } finally {
      making--;
    }
  };
  const answer = (context: Context, route: Route): Promise<Answer> => {
    const given = { ...singles(context.req.queries()), ...context.req.param() };
    return limited(context, async (signal) => {
      await site.index.refresh();
      const ask: Ask = {
        deployment: { ...deployment, store: deployment.store.within(signal) },
        index: site.index,
        titles: site.titles,
        now: gate.now(),
        formMark: gate.access.formMark(sessionOf(context, gate)),
        memory,
      };
      return route.answer(given, ask);
    });
  };
  const frameOf = (context: Context) => {
    const session = sessionOf(context, gate);
    return {
      path: context.req.path,
      search: context.req.query('q'),
      session: session !== undefined,
      formMark: gate.access.formMark(session),
    };
  };

  const app = new Hono();
  app.use('*', headers, names(gate), readers(gate));
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/icon.svg', (context) => context.body(ICON, 200, { 'content-type': 'image/svg+xml' }));
  app.get('/live.js', (context) => context.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/api/stream', (context) => hub.join(context));
  app.get('/api/openapi.json', (context) => context.json(openApi(ROUTES)));
  for (const route of ROUTES) {
    app.get(route.page, async (context) => context.html(document((await answer(context, route)).page(), frameOf(context))));
    app.get(route.api, async (context) => {
      requireKnown(route, context.req.queries());
      return context.json((await answer(context, route)).json());
    });
  }
  app.route('/', alerts(deployment, limited, site.problem));
  app.route('/', forms(gate, deployment));

  app.notFound((context) => {
    const { path, method } = context.req;
    const methods = methodsAt(app.routes, path);
    if (methods.length === 0) return refuse(context, new DrifttrailError({ code: 'page-unknown', message: `there is no page ${path}` }));
    context.header('allow', methods.join(', '));
    const message = `${path} takes no ${method}`;
    return refuse(context, new DrifttrailError({ code: 'method-unknown', message, remedy: `it takes ${methods.join(' and ')}` }));
  });
  app.onError((error, context) => refuse(context, error));

  const refuse = (context: Context, error: unknown): Response => {
    const { status, code, title, message, remedy, again, alarming } = refusalOf(error);
    if (alarming) site.problem(`${context.req.path}: ${describeError(error)}`);
    if (again !== undefined) context.header('retry-after', String(again));
    if (isApi(context)) return context.json({ schemaVersion: 1, error: { code, message, remedy: remedy ?? null } }, status);
    const frame = { ...frameOf(context), ...(again === undefined ? {} : { again }) };
    return context.html(document(errorPage(title, message, remedy), frame), status);
  };
  return app;
}

/** A parameter that is given several times is a list. */
function singles(queries: Record<string, string[]>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(queries).map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** Ends the work, and with it its children, when the one who asked has gone or the time is up. */
async function bounded<Value>(gone: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('nobody waits for it any more'));
  const timer = setTimeout(stop, DEADLINE);
  gone.addEventListener('abort', stop, { once: true });
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener(
      'abort',
      () => reject(new DrifttrailError({ code: 'aborted', message: 'the answer was not ready in time' })),
      {
        once: true,
      },
    );
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', stop);
  }
}
