/** The protocol: what a program says line by line, and whether it said all of it. */
import type { Gap, Json } from 'drifttrail';
import { z } from 'zod';

/** A resource, a gap or a kind that is complete, with the kind as its word alone. */
export interface Told {
  readonly resources: readonly { readonly kind: string; readonly id: string; readonly name?: string; readonly config: Json }[];
  readonly gaps: readonly Pick<Gap, 'kind' | 'reason' | 'detail' | 'partial'>[];
  readonly complete: readonly string[];
  readonly identity?: string;
}

const word = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes');
const json = z.unknown().refine((value) => value !== undefined, 'is missing');
const LINES = {
  id: z.strictObject({ kind: word, id: z.string().min(1), name: z.string().optional(), config: json }),
  complete: z.strictObject({ complete: z.preprocess((told) => (typeof told === 'string' ? [told] : told), z.array(word)) }),
  gap: z.strictObject({
    gap: z.strictObject({
      kind: word.optional(),
      reason: z.enum(['denied', 'throttled', 'unreachable', 'truncated', 'invalid']),
      detail: z.string().min(1),
      partial: z.boolean().optional(),
    }),
  }),
  identity: z.strictObject({ identity: z.string().min(1) }),
  end: z.strictObject({ end: z.literal(true) }),
} as const;
type Line = keyof typeof LINES;

/** Why an output cannot be trusted; nothing of what it holds is in the message. */
export class Malformed extends Error {
  constructor(number: number, what: string) {
    super(`line ${number} of its output ${what}`);
    this.name = 'Malformed';
  }
}

/**
 * `words`: the kinds there are; empty for any. Of `retired` ones, recorded before and not described any more, it may only be said
 * that all has been told, or that it could not be. Throws `Malformed` at the first line that is not as it must be, and without an end.
 */
export function readLines(output: string, words: readonly string[], retired: readonly string[] = []): Told {
  const told = { resources: [] as Told['resources'][number][], gaps: [] as Told['gaps'][number][], complete: [] as string[] };
  const seen = new Set<string>();
  let identity: string | undefined;
  let ended = false;
  const known = (number: number, kind: string | undefined, others: readonly string[] = []): void => {
    if (kind !== undefined && words.length > 0 && !words.includes(kind) && !others.includes(kind))
      throw new Malformed(number, `is about the kind ${kind}, which kinds: does not describe (${words.join(', ')})`);
  };
  const lines = output.split('\n');
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const number = index + 1;
    if (ended) throw new Malformed(number, 'comes after the end');
    const value = parsed(number, text);
    const line = (Object.keys(LINES) as Line[]).find((key) => Object.hasOwn(value, key));
    switch (line) {
      case 'id': {
        const { kind, id, name, config } = checked(LINES.id, number, value);
        known(number, kind);
        if (seen.has(`${kind} ${id}`)) throw new Malformed(number, `tells of ${kind} ${id} a second time`);
        seen.add(`${kind} ${id}`);
        told.resources.push({ kind, id, config: config as Json, ...(name === undefined ? {} : { name }) });
        break;
      }
      case 'complete':
        for (const kind of checked(LINES.complete, number, value).complete) {
          known(number, kind, retired);
          told.complete.push(kind);
        }
        break;
      case 'gap': {
        const { kind, reason, detail, partial } = checked(LINES.gap, number, value).gap;
        known(number, kind, retired);
        told.gaps.push({ reason, detail, ...(kind === undefined ? {} : { kind }), ...(partial === undefined ? {} : { partial }) });
        break;
      }
      case 'identity':
        ({ identity } = checked(LINES.identity, number, value));
        break;
      case 'end':
        checked(LINES.end, number, value);
        ended = true;
        break;
      default:
        throw new Malformed(number, 'has none of id, complete, gap, identity and end');
    }
  }
  if (!ended) throw new Malformed(lines.length, 'is the last, and none before it is {"end":true}: it may be cut off');
  return identity === undefined ? told : { ...told, identity };
}

function parsed(number: number, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed(number, 'is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(number, 'is no JSON object');
  return value;
}

function checked<Schema extends z.ZodType>(schema: Schema, number: number, value: object): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Malformed(number, `is not as it must be: ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'invalid'}`);
}
