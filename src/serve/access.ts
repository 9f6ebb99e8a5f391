/** Who may read, and whose form it is: a token, a session cookie made from it, and a mark in each form. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Access {
  /** Whether everybody who reaches the port may read. */
  readonly open: boolean;
  readonly isToken: (given: string) => boolean;
  /** The value of the cookie: when it ends, and a proof that whoever made it knew the token. */
  readonly newSession: (now: Date) => string;
  readonly isSession: (cookie: string | undefined, now: Date) => boolean;
  /** What a form of this session carries, so that no other page can send it. */
  readonly formMark: (session: string | undefined) => string;
  readonly isFormMark: (mark: string, session: string | undefined) => boolean;
}

/** Milliseconds. */
const SESSION = 12 * 3_600_000;
export const SESSION_SECONDS = SESSION / 1000;

/** Characters: shorter ones can be guessed. */
export const LEAST_TOKEN = 16;

/** `token` undefined: for everybody. Sessions outlive a restart, and end when the token is another. */
export function createAccess(token: string | undefined): Access {
  const forms = randomBytes(32);
  const sign = (end: string) =>
    createHmac('sha256', `session ${token ?? ''}`)
      .update(end)
      .digest('base64url');
  const mark = (session: string | undefined) =>
    createHmac('sha256', forms)
      .update(session ?? '')
      .digest('base64url');
  return {
    open: token === undefined,
    isToken: (given) => token !== undefined && same(given, token),
    newSession: (now) => {
      const end = String(now.getTime() + SESSION);
      return `${end}.${sign(end)}`;
    },
    isSession: (cookie, now) => {
      const [end = '', proof = ''] = (cookie ?? '').split('.');
      return token !== undefined && same(proof, sign(end)) && Number(end) > now.getTime();
    },
    formMark: mark,
    isFormMark: (given, session) => same(given, mark(session)),
  };
}

/** In a time that does not depend on where they differ, nor on how long they are. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Whether a form comes from a page of ours, as far as the browser says; who says nothing is no browser, and has the form's
 * mark to show. `hosts`: names under which we are called now.
 */
export function isSameOrigin(origin: string | undefined, site: string | undefined, hosts: readonly string[]): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  const [, host] = /^https?:\/\/(.+)$/.exec(origin.toLowerCase()) ?? [];
  return host !== undefined && hosts.some((own) => own.toLowerCase() === host);
}
