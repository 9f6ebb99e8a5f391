/** A question that has two answers, a page and JSON, from the same data; its parameters are checked before anything is asked. */
import { z } from 'zod';
import { DrifttrailError } from '../errors.ts';
import type { Json } from '../model.ts';
import { MAX_PATH } from '../store/layout.ts';
import type { Ask } from './ask.ts';
import { suggestion } from '../suggest.ts';
import type { Markup } from './markup.ts';

export interface Page {
  readonly title: string;
  readonly body: Markup;
}

export interface Answer {
  readonly page: () => Page;
  readonly json: () => Json;
}

export interface Route {
  /** Of the page and of the API, in hono's words: `/findings/:id`. */
  readonly page: string;
  readonly api: string;
  readonly summary: string;
  /** What the API answers. */
  readonly says: z.ZodType;
  readonly parameters: z.ZodObject;
  /** @throws {DrifttrailError} `query-invalid` and what the question itself throws */
  readonly answer: (given: Readonly<Record<string, unknown>>, ask: Ask) => Promise<Answer>;
}

export function route<Parameters extends z.ZodObject>(own: {
  readonly page: string;
  readonly api: string;
  readonly summary: string;
  readonly says: z.ZodType;
  readonly parameters: Parameters;
  readonly answer: (parameters: z.output<Parameters>, ask: Ask) => Promise<Answer>;
}): Route {
  return { ...own, answer: async (given, ask) => own.answer(checked(own.parameters, given), ask) };
}

/** Who writes a program must learn that a name is misspelt; a page is read all the same. @throws {DrifttrailError} `query-invalid` */
export function requireKnown({ parameters }: Pick<Route, 'parameters'>, given: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(parameters.shape);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const remedy = known.length === 0 ? 'it takes none' : suggestion(unknown, known);
  throw new DrifttrailError({ code: 'query-invalid', message: `there is no parameter ${unknown}`, remedy });
}

/** @throws {DrifttrailError} `query-invalid` */
export function checked<Parameters extends z.ZodObject>(
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
): z.output<Parameters> {
  const result = parameters.safeParse(given, { error: plain });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? 'the question');
  const about = (parameters.shape[name] as z.ZodType | undefined)?.description;
  throw new DrifttrailError({
    code: 'query-invalid',
    message: `the parameter ${name} ${issue?.message ?? 'is wrong'}`,
    remedy: `${about === undefined ? '' : `${given[name] === undefined ? `add ${name}=…` : 'it is'}: ${about.replace(/\.$/, '')}; `}each parameter stands in /api/openapi.json`,
  });
}

/** What is wrong, as the end of a sentence that begins with the parameter's name. */
const plain: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_type' && Array.isArray(issue.input)) return 'is given several times; give it once';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'too_big')
    return issue.origin === 'array' ? `may be given at most ${issue.maximum} times` : `may have at most ${issue.maximum} characters`;
  return undefined;
};

const noControls = (text: string) => /^\P{Cc}*$/u.test(text);

/** Text that people type; never handed to git. */
const line = (most: number) => z.string().max(most).refine(noControls, 'must be one line');
export const words = line(300).describe('Text.');
/** What the tool itself names so, which links lead to: it may be as long as what a snapshot can hold. */
export const named = line(MAX_PATH).describe('Text, as it stands elsewhere.');
/** A whole number from 1 on. */
export const counted = (most: number) => {
  const error = `must be a whole number from 1 to ${most}`;
  return z.coerce.number({ error }).int(error).min(1, error).max(most, error);
};
export const page = counted(100_000).default(1).describe('Counted from 1.');
export const level = z.enum(['critical', 'high', 'medium', 'low', 'info']).optional().describe('Only this threat level.');
export const commit = z
  .string()
  .regex(/^[0-9a-f]{4,40}$/, 'must be a commit: 4 to 40 hex digits')
  .describe('A commit, or the beginning of one.');
/** As the codec writes them: none is an option of git, leads out of the folder or into git's own. */
export const path = z
  .string()
  .max(MAX_PATH)
  .regex(/^[A-Za-z0-9]/, 'must be a file of the snapshots repository')
  .regex(/^(?:(?!-|\.{1,2}(?:\/|$)|\.git)[A-Za-z0-9._@=+,%-]+(?:\/|$))+$/i, 'must be a file of the snapshots repository')
  .describe('A file of the snapshots repository.');
export function isFile(text: string): boolean {
  return path.safeParse(text).success;
}

export const moment = z
  .string()
  .max(40)
  .optional()
  .describe('A UTC date or time (2026-11-18, 2026-11-18T09:30Z) or a duration before now (24h).');
