/** Audit records carry what was written, secrets among it: they are redacted before they are stored, ranked or shown. */
import type { AuditEvent, JsonObject } from '../model.ts';
import type { Redactor } from '../normalize/redact.ts';

/** The same marks as in the snapshots, so that a masked value still matches its own leaf exactly. */
export function redactEvent(event: AuditEvent, redactor: Redactor): AuditEvent {
  return {
    ...event,
    request: redactor.json(event.request, []),
    response: redactor.json(event.response, []),
    ...(event.extra === undefined ? {} : { extra: redactor.json(event.extra, []) as JsonObject }),
    ...(event.error === undefined ? {} : { error: { ...event.error, message: redactor.message(event.error.message) } }),
  };
}
