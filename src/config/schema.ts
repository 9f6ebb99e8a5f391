/** The shape of drifttrail.yaml, without the options of plug-ins: those are checked by each plug-in's own schema. */
import { z } from 'zod';
import { DAYS, isZone } from '../notify/hours.ts';
import { TEMPLATE_NAMES, unknownName } from '../notify/template.ts';

const level = z.enum(['critical', 'high', 'medium', 'low', 'info']);

const use = z.string().min(1).describe('A built-in name, an npm package, or a path relative to this file.');

const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'a duration such as 90s, 20m, 24h or 7d')
  .describe('A number and s, m, h or d.');

const ignoreRule = z
  .strictObject({
    kind: z.string().optional().describe('Such as aws.ec2.security-group; * matches any part of a word.'),
    scope: z.string().optional().describe('Such as hosts/web01; * matches any part of a segment, ** any segments.'),
    id: z.string().optional().describe('Such as etc/nginx/**; * and ** as in scope.'),
    path: z
      .string()
      .regex(/^\$(?:\.[^.[\]]+)*$/, 'must be written as $.version, $.tags.* or $: names with dots between, * for any one')
      .optional()
      .describe('Of the changed leaf: $.version, $.tags.*; without it the whole resource.'),
    reason: z.string().min(1).describe('Why nobody needs to hear of it.'),
    until: z.iso.date().optional().describe('The last day it holds.'),
  })
  .refine((rule) => rule.kind !== undefined || rule.scope !== undefined || rule.id !== undefined, 'name at least a kind, a scope or an id');

/** Differences of sides that are meant to be; also a file of its own. */
export const expectRules = z.array(ignoreRule);

/** Shape only: the daemon, whose library knows the rest, checks the values. */
const schedule = z
  .string()
  .regex(/^[\d*][\d*/,-]*\s+[\d*][\d*/,-]*(?:\s+\S+){3,4}$/, 'write minute hour day month weekday, such as "*/5 * * * *"')
  .describe('Cron expression for the daemon; default every 5 minutes.');

const pattern = z
  .strictObject({
    kind: z.string().min(1).optional().describe('Such as aws.ec2 or aws.ec2.route-table; * is any word.'),
    scope: z.string().min(1).optional().describe('Such as hosts/web01 or aws/123456789012; * is any segment.'),
    id: z.string().min(1).optional(),
    actor: z.string().min(1).optional().describe("The actor's name, in any case."),
  })
  .refine((rule) => Object.values(rule).some((part) => part !== undefined), 'name at least a kind, a scope, an id or an actor');

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as "22:00"');

/** What the core knows of an outlet: whom to tell what, and when. The rest are the plug-in's options. */
export const speakingShape = {
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,49}$/, 'a letter, then letters, digits, - and _, at most 50')
    .optional()
    .describe('What the outlet is called where it is remembered what it was told; needed to tell several hooks of one `use` apart.'),
  from: level.default('high').describe('The least threat level that is told.'),
  allowPrivate: z.boolean().default(false).describe('Allow http, plain text and private addresses, for receivers of your own.'),
  only: z.array(pattern).min(1).optional().describe('Only what fits one of these, and what stands below it.'),
  except: z.array(pattern).default([]).describe('Nothing of what fits one of these.'),
  urgent: z
    .enum([...level.options, 'never'])
    .optional()
    .describe('For this outlet in place of the general `urgent`.'),
  quiet: z
    .strictObject({
      from: clock,
      to: clock,
      days: z.array(z.enum(DAYS)).default([]).describe('Days that are quiet from midnight to midnight.'),
    })
    .refine(
      ({ from, to, days }) => from !== to || days.length > 0,
      'begins when it ends and so never is; write other hours, or days: for whole days',
    )
    .optional()
    .describe('Hours in which only what is urgent is told; the rest comes as one message when they end.'),
  digest: schedule.optional().describe('Cron expression: what is not urgent is collected and told then, in one message.'),
  group: duration.optional().describe('What is not urgent is told so long after the first change, in one message.'),
  answers: z
    .boolean()
    .default(false)
    .describe('Told what changed before an alert that drifttrail was sent: `serve`, `timeline --from-alert --tell`.'),
  zone: z.string().refine(isZone, 'write a time zone such as Europe/Berlin').default('UTC').describe('Of quiet hours and digests.'),
  title: z
    .string()
    .min(1)
    .max(200)
    .superRefine((text, context) => {
      const name = unknownName(text);
      if (name !== undefined) context.addIssue(`knows no {{${name}}}; there are ${TEMPLATE_NAMES.join(', ')}`);
    })
    .optional()
    .describe('The title of messages, such as "{{level}} in {{scope}} by {{actor}}".'),
};

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
      z
        .looseObject({ use, ...speakingShape })
        .refine(({ digest, group }) => digest === undefined || group === undefined, 'has both digest and group; keep one of them'),
    )
    .superRefine((hooks, context) => {
      for (const [index, { name }] of hooks.entries())
        if (name !== undefined && hooks.findIndex((other) => other.name === name) < index)
          context.addIssue({ code: 'custom', path: [index, 'name'], message: `is the name of another hook, too: ${name}` });
    })
    .default([])
    .describe('Who is told.'),
  ignore: z.array(ignoreRule).default([]).describe('What is kept and attributed but not reported; each needs a reason.'),
  compare: z
    .strictObject({
      groups: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[\w.-]+$/, 'letters, digits, . _ -'),
            sides: z.array(z.string().min(1)).min(1),
            watch: z
              .boolean()
              .default(false)
              .describe('Tell, as a finding, when they begin to differ; each snapshot that changes one then reads all of them.'),
          }),
        )
        .default([])
        .describe('Names for sides that belong together; * stands for any part of a scope.'),
      expect: expectRules.default([]).describe('Differences that are meant to be; each needs a reason.'),
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
  baseUrl: z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+\/?$/, 'write a URL without a path, such as https://drift.example.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('Where people reach `drifttrail serve`: then messages link to the page of what they tell.'),
  author: z
    .strictObject({ name: z.string().min(1), email: z.string().min(1) })
    .default({ name: 'drifttrail', email: 'drifttrail@localhost' })
    .describe('Committer and author of the snapshots.'),
});

export type Config = z.infer<typeof configSchema>;
export type IgnoreRule = z.infer<typeof ignoreRule>;
/** An entry of `hooks` without the plug-in's own options. */
export type Speaking = Pick<Config['hooks'][number], keyof typeof speakingShape>;
