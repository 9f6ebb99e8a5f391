/** What the configuration of `use: exec` may say: the program, what it may see, and what it tells of. */
import { z } from 'zod';

/** A JSON pointer in which a segment may be `*`, and the last one `**`. */
const pattern = z.string().regex(/^(?:\/(?!\*\*\/)(?:[^~/]|~[01])*)*$/, 'a JSON pointer such as /members/*/state; ** only at its end');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');
const word = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes');
/** A field of the element, or several, each of which may be a list of alternatives. */
const key = z.union([z.string().min(1), z.array(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])).min(1)]);

const kind = z
  .strictObject({
    title: z.string().min(1).optional().describe('singular noun; default: the word itself'),
    plural: z.string().min(1).optional(),
    format: z.enum(['json', 'yaml', 'text']).default('json'),
    extension: z
      .string()
      .regex(/^\.[a-z0-9]{1,10}$/)
      .optional()
      .describe('of the files of a text, such as .sql; default .txt'),
    collection: z.boolean().optional().describe('the config is one object whose members are things of this kind'),
    sets: z
      .array(z.strictObject({ path: pattern, key: key.optional(), value: z.string().min(1).optional() }))
      .default([])
      .describe('arrays whose order means nothing; with key they become objects under it'),
    secret: z.array(pattern).default([]).describe('values that are never kept, only a keyed fingerprint of each'),
    volatile: z
      .array(z.strictObject({ path: pattern, because: z.string().min(1) }))
      .default([])
      .describe('what changes by itself, each with the reason'),
  })
  .refine(({ format, sets, secret, volatile }) => format !== 'text' || [...sets, ...secret, ...volatile].length === 0, {
    message: 'a text has no pointers: sets, secret and volatile are for json and yaml',
  })
  .refine(({ format, extension }) => format === 'text' || extension === undefined, { message: 'an extension is for texts' });

export const options = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens, underscores')
    .max(120)
    .describe('name of the system in the snapshots: exec/<name>/…'),
  command: z
    .array(z.string())
    .min(1)
    .refine(([program]) => program !== undefined && program !== '', { message: 'the first word is the program' })
    .describe('the program and its arguments; no shell reads them. A path that begins with ./ starts at the deployment'),
  output: z.enum(['lines', 'files']).default('lines').describe('JSON lines on its output, or files below $DRIFTTRAIL_OUT'),
  env: z.record(variable, z.string()).default({}).describe('variables for it; env:NAME and file:PATH are possible'),
  pass: z.array(variable).default([]).describe('variables of our own environment that it may see'),
  timeout: z.number().int().min(1).max(3600).default(60).describe('seconds after which it is ended'),
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(1024 ** 3)
    .default(64 * 1024 ** 2)
    .describe('the most that it may print or write'),
  kinds: z.record(word, kind).default({}).describe('what it tells of; without any, every kind is JSON'),
});

export type ExecOptions = z.infer<typeof options>;
export type KindOptions = z.infer<typeof kind>;
