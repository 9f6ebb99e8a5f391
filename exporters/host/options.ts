/** What the configuration of `use: host` may say. */
import { z } from 'zod';
import { FACTS } from './facts/index.ts';

const factNames = FACTS.map((fact) => fact.name) as [string, ...string[]];
const globs = z.array(z.string().min(1));

/** etckeeper's and others' repositories hold what we keep ourselves, and change with each commit. */
const REPOSITORIES = ['.git', '.hg', '.bzr', '_darcs'];

export interface Files {
  readonly include: string[];
  readonly exclude: string[];
}

/** Who names one, wants it. */
function withoutRepositories({ include, exclude }: Files): Files {
  const unnamed = REPOSITORIES.filter((name) => !include.some((glob) => glob.split('/').includes(name)));
  return { include, exclude: [...exclude, ...unnamed.map((name) => `**/${name}`)] };
}

export const hostOptions = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a host name: letters, digits, dots, hyphens, underscores')
    .max(120)
    .optional()
    .describe('name of the machine in the snapshots; default: its host name'),
  root: z.string().min(1).default('/').describe('root directory: / for this machine, else a mounted image; relative to the deployment'),
  files: z
    .union([globs, z.strictObject({ include: globs.default(['etc']), exclude: globs.default([]) })])
    .default(['etc'])
    .transform((files) => withoutRepositories(Array.isArray(files) ? { include: files, exclude: [] } : files))
    .describe('which files, as globs relative to the root (a folder means everything below it); [] for none'),
  facts: z
    .union([z.boolean(), z.array(z.enum(factNames))])
    .default(true)
    .describe('which facts: true for all, false for none, or a list of names'),
  maxContent: z
    .number()
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('bytes; a larger file is kept as size and SHA-256'),
  maxHash: z
    .number()
    .int()
    .min(0)
    .default(256 * 1024 * 1024)
    .describe('bytes; of a still larger file only the ends are hashed'),
});

export type HostOptions = z.infer<typeof hostOptions>;
