/** What runs by itself: services and scheduled tasks. */
import { z } from 'zod';
import { exposed } from './exposed.ts';
import { collection, present } from './section.ts';

const text = z.string();

/** Flag of a service's Type in the registry: one that Windows makes anew for each log-on, `CDPUserSvc_4e2f1`. */
const USER_INSTANCE = 0x80;

export const service = collection({
  word: 'service',
  file: 'windows-services',
  title: 'Windows service',
  schema: z.object({
    name: text,
    displayName: text,
    startMode: text,
    delayed: z.boolean(),
    account: text,
    path: text,
    dll: text,
    state: text,
    type: z.number().int(),
    triggers: z.boolean(),
  }),
  key: ['name'],
  secret: ['/*/pathSecrets/*'],
  evidence: { chapter: 'What runs', order: 20, fields: ['startMode', 'state', 'account'], only: ({ startMode }) => startMode === 'Auto' },
  member: ({ type, path, state, delayed, triggers, ...row }) => {
    if ((type & USER_INSTANCE) !== 0) return undefined;
    const line = exposed(path);
    return {
      ...row,
      path: line.text,
      pathSecrets: line.secret ?? null,
      ...(delayed ? { delayed } : {}),
      ...(triggers ? { triggers } : {}),
      // Others come and go when they are needed: "wuauserv: Stopped" at one look and "Running" at the next.
      ...(row.startMode === 'Auto' && !triggers && !delayed ? { state } : {}),
    };
  },
});

const action = z.object({ type: text, execute: text, arguments: text, folder: text, class: text });
const trigger = z.object({
  type: text,
  enabled: z.boolean(),
  start: text,
  end: text,
  every: text,
  days: text,
  weeks: text,
  weekdays: text,
  user: text,
  delay: text,
  subscription: text,
});

/** `MSFT_TaskDailyTrigger` → `daily`. */
function shortName(type: string): string {
  const [, word = type] = /^MSFT_Task(.+?)(?:Trigger|Action)?$/.exec(type) ?? [];
  return word.toLowerCase();
}

export const task = collection({
  word: 'task',
  file: 'windows-tasks',
  title: 'scheduled task',
  schema: z.object({
    path: text,
    name: text,
    author: text,
    description: text,
    enabled: z.boolean(),
    hidden: z.boolean(),
    user: text,
    group: text,
    logon: text,
    level: text,
    actions: z.array(action),
    triggers: z.array(trigger),
  }),
  key: ['task'],
  secret: ['/*/actions/*/argumentSecrets/*'],
  evidence: { chapter: 'What runs', order: 22, fields: ['user', 'level', 'actions'], only: ({ enabled }) => enabled === true },
  member: ({ path, name, actions, triggers, ...row }) => ({
    ...row,
    task: `${path}${name}`,
    // They run in this order.
    actions: actions.map(({ type, arguments: line, ...rest }) => {
      const { text: readable, secret } = exposed(line);
      return present({ ...rest, type: shortName(type), arguments: readable, argumentSecrets: secret ?? null });
    }),
    triggers: triggers.map(({ type, ...rest }) => present({ ...rest, type: shortName(type) })),
  }),
});
