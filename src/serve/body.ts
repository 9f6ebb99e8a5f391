/** Requests with a body say how long it is, before any of it is read. */
import type { MiddlewareHandler } from 'hono';
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
