/** Replaces secrets by keyed fingerprints: a rotation still shows as a change, the value never does. */
import { createHmac } from 'node:crypto';
import type { Json } from '../model.ts';
import { createJsonRedactor } from './redact-json.ts';
import { findSecrets, replaceSpans } from './secrets/find.ts';
import { decodeText, encodingOf } from './text.ts';

export interface Redactor {
  /** `hint` is a path or kind that tells what the text is, such as `etc/shadow`. */
  readonly text: (text: string, hint?: string) => string;
  /** As `text`, for bytes of any encoding; bytes without secrets come back as they are. */
  readonly bytes: (bytes: Uint8Array, hint?: string) => Uint8Array;
  /** `secretPatterns` are pointer patterns of values that are secret whatever they look like. */
  readonly json: (value: Json, secretPatterns: readonly string[]) => Json;
  /** For log lines, error messages and names. */
  readonly message: (text: string) => string;
}

/** The marker of a secret under a key: `«redacted:hmac-sha256:<12 hex>»`. */
export function markerOf(key: Uint8Array, secret: string | Uint8Array): string {
  return `«redacted:hmac-sha256:${createHmac('sha256', key).update(secret).digest('hex').slice(0, 12)}»`;
}

/** Redacting twice gives the same as once. */
export function createRedactor(key: Uint8Array): Redactor {
  const mark = (secret: string) => markerOf(key, secret);
  const text = (input: string, hint?: string) => replaceSecrets(input, mark, hint);
  return {
    text,
    bytes: (bytes, hint) => {
      const encoding = encodingOf(bytes);
      const before = decodeText(bytes, encoding);
      // In latin1 a character is a byte: the secret is fingerprinted, and the marker written, as its UTF-8 bytes.
      const inBytes = (secret: string) => Buffer.from(markerOf(key, Buffer.from(secret, 'latin1'))).toString('latin1');
      const after = replaceSecrets(before, encoding === 'latin1' ? inBytes : mark, hint);
      return after === before ? bytes : Buffer.from(after, encoding);
    },
    json: createJsonRedactor(mark, text),
    message: (input) => text(input),
  };
}

/** What a marker leaves bare may match by itself now; nearly always the second round finds nothing. */
const ROUNDS = 8;

function replaceSecrets(text: string, mark: (secret: string) => string, hint?: string): string {
  let clean = text;
  for (let round = 0; round < ROUNDS; round++) {
    const found = findSecrets(clean, mark, hint);
    if (found.length === 0) break;
    clean = replaceSpans(clean, found, mark);
  }
  return clean;
}
