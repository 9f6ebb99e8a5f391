/** The shape of drifttrail.yaml, without the options of plug-ins: those are checked by each plug-in's own schema. */
import { z } from 'zod';

const level = z.enum(['critical', 'high', 'medium', 'low', 'info']);

const use = z.string().min(1).describe('A built-in name, an npm package, or a path relative to this file.');

const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'a duration such as 90s, 20m, 24h or 7d')
  .describe('A number and s, m, h or d.');

const ignoreRule = z
  .strictObject({
    kind: z.string().optional().describe('Such as aws.ec2.security-group; * matches any word.'),
    scope: z.string().optional().describe('Such as hosts/web01; * matches any segment.'),
    id: z.string().optional(),
    path: z.string().optional().describe('Of the changed leaf: $.version, $.tags.*; without it the whole resource.'),
    reason: z.string().min(1).describe('Why nobody needs to hear of it.'),
    until: z.iso.date().optional().describe('The last day it holds.'),
  })
  .refine((rule) => rule.kind !== undefined || rule.scope !== undefined || rule.id !== undefined, 'name at least a kind, a scope or an id');

/** Shape only: the daemon, whose library knows the rest, checks the values. */
const schedule = z
  .string()
  .regex(/^[\d*][\d*/,-]*\s+[\d*][\d*/,-]*(?:\s+\S+){3,4}$/, 'write minute hour day month weekday, such as "*/5 * * * *"')
  .describe('Cron expression for the daemon; default every 5 minutes.');

export const configSchema = z.strictObject({
  exporters: z
    .array(z.looseObject({ use, schedule: schedule.optional() }))
    .min(1)
    .describe('What is snapshotted.'),
  remote: z
    .string()
    .regex(/^[^-\s]/, 'write a URL or a path')
    .optional()
    .describe('Where the snapshots repository is pushed after each commit.'),
  trail: z.array(z.looseObject({ use })).optional().describe('Where audit events come from; default: what the exporters suggest.'),
  hooks: z
    .array(
      z.looseObject({
        use,
        from: level.default('high').describe('The least threat level that is told.'),
        allowPrivate: z.boolean().default(false).describe('Allow http and private addresses, for receivers of your own.'),
      }),
    )
    .default([])
    .describe('Who is told.'),
  ignore: z.array(ignoreRule).default([]).describe('What is kept and attributed but not reported; each needs a reason.'),
  compare: z
    .strictObject({
      groups: z
        .array(z.strictObject({ name: z.string().regex(/^[\w.-]+$/, 'letters, digits, . _ -'), sides: z.array(z.string().min(1)).min(1) }))
        .default([])
        .describe('Names for sides that belong together; * stands for any part of a scope.'),
      expect: z.array(ignoreRule).default([]).describe('Differences that are meant to be; each needs a reason.'),
    })
    .default({ groups: [], expect: [] })
    .describe('What `drifttrail compare` knows beforehand.'),
  urgent: level.default('critical').describe('From this level on a message goes out before its attribution has settled.'),
  patience: duration.default('20m').describe('How long other messages wait for their attribution.'),
  keepEvents: duration
    .refine((text) => /^(?:[2-9]|\d{2,})d$/.test(text), 'must be at least 2d, in days: what is a day old may still be judged')
    .default('90d')
    .describe('How long audit events are kept in state/; the history and its notes are kept for good.'),
  countries: z
    .string()
    .min(1)
    .optional()
    .describe('A MaxMind DB file of countries (.mmdb), relative to this file: then a country that is new for somebody is told.'),
  author: z
    .strictObject({ name: z.string().min(1), email: z.string().min(1) })
    .default({ name: 'drifttrail', email: 'drifttrail@localhost' })
    .describe('Committer and author of the snapshots.'),
});

export type Config = z.infer<typeof configSchema>;
export type IgnoreRule = z.infer<typeof ignoreRule>;
