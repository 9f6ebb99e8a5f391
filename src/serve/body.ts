/** What a request brings: how long it is said to be before any of it is read, and what it then is. */
import type { Context, MiddlewareHandler } from 'hono';
import { DrifttrailError } from '../errors.ts';
import { isApi } from './guard.ts';

/** `largest` in bytes. What has no body passes. */
export function sized(largest: number): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const refuse = (status: 411 | 413, code: string, message: string) =>
      isApi(context)
        ? context.json({ schemaVersion: 1, error: { code, message, remedy: null } }, status)
        : context.text(`${message}\n`, status);
    const length = req.header('content-length');
    if (length !== undefined && Number(length) > largest) return refuse(413, 'too-large', `At most ${largest} bytes.`);
    if (length === undefined && req.header('transfer-encoding') !== undefined)
      return refuse(411, 'length-missing', 'Say how long it is: content-length.');
    return next();
  };
}

/** The fields of a form; files are left out. @throws {DrifttrailError} `body-invalid` */
export async function fieldsOf({ req }: Context): Promise<Partial<Record<string, string>>> {
  const body = await req.parseBody().catch((cause: unknown) => {
    throw invalid('this is no form', 'send it as application/x-www-form-urlencoded', cause);
  });
  return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** @throws {DrifttrailError} `body-invalid` when it ends before its time */
export async function textOf({ req }: Context): Promise<string> {
  return req.text().catch((cause: unknown) => {
    throw invalid('not all of the request came', 'send as many bytes as content-length says', cause);
  });
}

function invalid(message: string, remedy: string, cause: unknown): DrifttrailError {
  return new DrifttrailError({ code: 'body-invalid', message, remedy, cause });
}
