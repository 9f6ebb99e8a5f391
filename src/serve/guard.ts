/** Stands before every page: by which name we are called, who may read, and whose form it is. */
import { getCookie } from 'hono/cookie';
import type { Context, MiddlewareHandler } from 'hono';
import { isSameOrigin, type Access } from './access.ts';
import { HEADERS, STATIC_CACHE } from './headers.ts';
import { link } from './markup.ts';
import { isOurName } from './listen-address.ts';

export interface Gate {
  readonly access: Access;
  /** The address that is listened at. */
  readonly listening: string;
  readonly baseUrl: string | undefined;
  readonly now: () => Date;
}

export const COOKIE = 'drifttrail_session';
/** The same for everybody, and needed to sign in. */
const PUBLIC: ReadonlySet<string> = new Set(['/style.css', '/icon.svg', '/login']);

/** On every answer, whatever becomes of the request. */
export const headers: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
  if (context.req.path === '/style.css' || context.req.path === '/icon.svg') context.res.headers.set('cache-control', STATIC_CACHE);
};

export function names({ listening, baseUrl }: Gate): MiddlewareHandler {
  return async (context, next) => {
    if (isOurName(context.req.header('host'), listening, baseUrl)) return next();
    return context.text('This server is not called by that name. Set baseUrl in drifttrail.yaml to the address that people use.\n', 421);
  };
}

export function readers(gate: Gate): MiddlewareHandler {
  const { access, now } = gate;
  return async (context, next) => {
    if (access.open || PUBLIC.has(context.req.path)) return next();
    const [, bearer] = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
    if (bearer !== undefined ? access.isToken(bearer) : access.isSession(getCookie(context, COOKIE), now())) return next();
    if (isApi(context) || context.req.method !== 'GET') {
      context.header('www-authenticate', 'Bearer realm="drifttrail"');
      const error = {
        code: 'unauthenticated',
        message: 'a token is needed',
        remedy: 'send Authorization: Bearer <token>, or sign in at /login',
      };
      return context.json({ schemaVersion: 1, error }, 401);
    }
    const { pathname, search } = new URL(context.req.url);
    return context.redirect(link('/login', { next: pathname === '/' && search === '' ? undefined : `${pathname}${search}` }), 303);
  };
}

export function isApi({ req }: Context): boolean {
  return req.path === '/api' || req.path.startsWith('/api/');
}

/** The session that a form's mark belongs to; '' where everybody may read. */
export function sessionOf(context: Context, { access, now }: Gate): string | undefined {
  const cookie = getCookie(context, COOKIE);
  return !access.open && access.isSession(cookie, now()) ? cookie : undefined;
}

/** Whether a form was sent by a page of ours. */
export function isOurForm(context: Context, { baseUrl }: Gate): boolean {
  const { req } = context;
  const hosts = [req.header('host') ?? '', ...(baseUrl === undefined ? [] : [new URL(baseUrl).host])];
  return isSameOrigin(req.header('origin'), req.header('sec-fetch-site'), hosts);
}

/** A path of this site; anything else leads to the first page. */
export function safeNext(next: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/';
}
