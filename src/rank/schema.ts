/** What a ranking rule is, as zod sees it in YAML. */
import { z } from 'zod';
import type { Json } from '../model.ts';

const json: z.ZodType<Json> = z.json();

const THREATS = ['exposure', 'sharing', 'privilege', 'credentials', 'detection', 'availability', 'data', 'integrity'] as const;

const editSchema = z.strictObject({ path: z.string(), before: json.default(null), after: json.default(null) });

/** A case that a rule must, or must not, match. What it leaves out gets a sensible default (verify.ts). */
const exampleSchema = z
  .strictObject({
    change: z
      .strictObject({
        kind: z.string(),
        id: z.string().optional(),
        scope: z.string().optional(),
        name: z.string().optional(),
        type: z.enum(['created', 'modified', 'deleted']).optional(),
        edits: z.array(editSchema).optional(),
        before: json.optional(),
        after: json.optional(),
      })
      .optional(),
    event: z
      .strictObject({
        name: z.string(),
        source: z.string().optional(),
        account: z.string().optional(),
        region: z.string().optional(),
        request: json.optional(),
        response: json.optional(),
        extra: z.record(z.string(), json).optional(),
        error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
        readOnly: z.boolean().optional(),
      })
      .optional(),
    actor: z.record(z.string(), json).optional(),
    /** Resources around the change, for rules that ask neighbours. */
    around: z.array(z.strictObject({ scope: z.string(), kind: z.string(), id: z.string(), config: json })).optional(),
  })
  .refine((example) => example.change !== undefined || example.event !== undefined, 'an example needs a change or an event');

const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by "-"'),
  title: z.string().optional(),
  /** Kinds whose changes the rule judges. */
  kinds: z.array(z.string().min(1)).default([]),
  /** Events the rule judges: `service:Name`, `*` for any text. */
  events: z.array(z.string().regex(/^[^:]+:.+$/, '"service:EventName", such as "ec2:DeleteRoute"')).default([]),
  when: z.union([z.string().min(1), z.strictObject({ change: z.string().min(1), event: z.string().min(1) })]),
  level: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  /** Inside the band of the level. */
  score: z.number().int().min(0).max(100),
  threat: z.enum(THREATS),
  reason: z.string().min(1),
  falsePositives: z.array(z.string().min(1)).min(1),
  examples: z.strictObject({ true: z.array(exampleSchema).min(1), false: z.array(exampleSchema).min(1) }),
  references: z.array(z.string()).optional(),
  /** The user's way to switch a shipped rule off. */
  disabled: z.boolean().default(false),
});

const needsSomething = { message: 'a rule needs kinds or events', path: ['id'] };
const judgesSomething = ({ kinds, events }: { kinds: readonly string[]; events: readonly string[] }) => kinds.length + events.length > 0;

export const ruleSchema = rule.refine(judgesSomething, needsSomething);
/** A rule whose examples are read only when somebody verifies it. */
export const leanRuleSchema = rule.omit({ examples: true }).refine(judgesSomething, needsSomething);

export type RuleSource = z.output<typeof ruleSchema>;
export type Example = z.output<typeof exampleSchema>;
