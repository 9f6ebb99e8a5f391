/** What an error is to a browser: a status, a heading, and no more than its sender meant to say. */
import { DrifttrailError } from '../errors.ts';

export interface Refusal {
  readonly status: 400 | 404 | 405 | 500 | 503;
  readonly code: string;
  readonly title: string;
  readonly message: string;
  readonly remedy?: string;
  /** Seconds after which it is worth asking again. */
  readonly again?: number;
  /** A defect, or a repository that is broken: whoever runs the server must hear of it. */
  readonly alarming: boolean;
}

const UNKNOWN = /^(?:finding|commit|resource|scope|side|actor|page)-(?:unknown|ambiguous|empty)$/;
const ASKED_WRONGLY = /^(?:query-invalid|body-invalid|time-invalid|reason-missing|alert-invalid|side-\w+|too-much)$/;

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof DrifttrailError)) {
    const message = 'The server failed to answer. What happened stands in the output of drifttrail serve.';
    return { status: 500, code: 'internal', title: 'Something failed', message, alarming: true };
  }
  const { code, message, remedy } = error;
  const told = { code, message, ...(remedy === undefined ? {} : { remedy }) };
  if (code === 'loading') return { ...told, status: 503, title: 'One moment', again: 1, alarming: false };
  if (code === 'locked' || code === 'busy') return { ...told, status: 503, title: 'Busy', again: 5, alarming: false };
  if (code === 'aborted')
    return {
      status: 503,
      code: 'timeout',
      title: 'This took too long',
      message: 'The answer was not ready in time.',
      remedy: 'ask for less: a shorter span, a smaller scope',
      alarming: false,
    };
  if (code === 'method-unknown') return { ...told, status: 405, title: 'That cannot be done here', alarming: false };
  if (UNKNOWN.test(code)) return { ...told, status: 404, title: 'Not found', alarming: false };
  if (ASKED_WRONGLY.test(code)) return { ...told, status: 400, title: 'That cannot be asked', alarming: false };
  return { ...told, status: 500, title: 'Something is wrong here', alarming: true };
}
