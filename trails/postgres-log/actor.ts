/** Who is behind a session: the database user, from where and with which program. */
import type { Actor, Via } from 'drifttrail';
import type { LogRecord } from './record.ts';

export interface Person {
  readonly user?: string;
  readonly database?: string;
  readonly host?: string;
  readonly application?: string;
}

const RECEIVED = /^connection received: host=(\S+)/;
const AUTHORIZED = /^connection authorized: user=(.*?)(?: database=(.*?))?(?: application_name=(.*?))?(?: SSL enabled .*| GSS .*)?$/;

/** What a line tells of its session: in its own fields, or, where the prefix has none, in what is said at the connection. */
export function personIn({ user, database, host, application, message }: LogRecord, known: Person): Person {
  const [, from] = RECEIVED.exec(message) ?? [];
  const [, authorized, into, program] = AUTHORIZED.exec(message) ?? [];
  const person = {
    user: user ?? authorized ?? known.user,
    database: database ?? into ?? known.database,
    host: host ?? from ?? known.host,
    application: application ?? program ?? known.application,
  };
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined)) as Person;
}

/** Programs by the name they give themselves; anybody may give any. */
const CHANNELS: readonly (readonly [name: RegExp, via: Via])[] = [
  [/^psql$|^pg_(dump|restore|dumpall)/i, 'cli'],
  [/terraform/i, 'terraform'],
  [/pulumi/i, 'pulumi'],
  [/pgadmin|dbeaver|datagrip|navicat|tableplus|heidi|phppgadmin|adminer|beekeeper/i, 'console'],
];

export function actorOf({ user, host, application }: Person): Actor {
  const via = CHANNELS.find(([name]) => name.test(application ?? ''))?.[1] ?? 'unknown';
  return {
    name: user ?? 'unknown user',
    type: 'DatabaseUser',
    arn: null,
    role: null,
    via,
    sourceIp: host === undefined || host === '[local]' ? null : host,
    userAgent: application ?? null,
    mfa: null,
    nameFrom: 'user',
  };
}
