/** Events of the lines that are statements which define something. */
import { createHash } from 'node:crypto';
import type { Actor, AuditEvent } from 'drifttrail';
import { serverScope } from '../../exporters/_sql/scope.ts';
import { MYSQL, withoutSecrets } from '../../exporters/_sql/tokens.ts';
import { AUDIT_LOG, SOURCE } from '../../exporters/mysql/events/places.ts';
import type { AuditLine } from './line.ts';

const VERBS = /^(CREATE|ALTER|DROP|RENAME|GRANT|REVOKE|INSTALL|UNINSTALL|CHANGE|RESET|SET|START|STOP)\b/i;
const SET = /^SET\s+(?:GLOBAL|PERSIST|PASSWORD|@@(?:GLOBAL|PERSIST)\.)/i;
const OTHERS =
  /^(?:SET\s(?!.*\b(?:global|persist|password)\b)|START\s+TRANSACTION|RESET\s+QUERY|CHANGE\s+(?!MASTER|REPLICATION)|(?:START|STOP)\s+(?!SLAVE|REPLICA))/is;
const TYPES =
  /\b(TABLE|VIEW|PROCEDURE|FUNCTION|TRIGGER|EVENT|DATABASE|SCHEMA|USER|ROLE|INDEX|SERVER|PLUGIN|SONAME|MASTER|SLAVE|REPLICA|PASSWORD|GLOBAL|PERSIST|SEQUENCE|PACKAGE|TABLESPACE)\b/;

/** Undefined for reads, for data, and for what a session sets for itself. */
export function eventOf(line: AuditLine, server: string): AuditEvent | undefined {
  const bare = line.statement.replace(/^(?:\s+|--[^\n]*\n|#[^\n]*\n|\/\*(?!!)[\s\S]*?\*\/)+/, '');
  if (line.operation !== 'QUERY' || !VERBS.test(bare) || (OTHERS.test(bare) && !SET.test(bare))) return undefined;
  const verb = (VERBS.exec(bare)?.[1] ?? '').toUpperCase();
  const type = /^(GRANT|REVOKE)$/.test(verb) ? '' : (TYPES.exec(bare.slice(0, 300).toUpperCase())?.[1] ?? '');
  const key = [server, line.host, line.time, line.connection, line.query, line.statement].join('\0');
  return {
    id: `my-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`,
    time: new Date(line.time).toISOString(),
    source: SOURCE,
    name: `${verb} ${type}`.trim(),
    account: server,
    region: AUDIT_LOG,
    readOnly: false,
    ...(line.code === 0 ? {} : { error: { code: String(line.code), message: `the server answered with error ${line.code}` } }),
    actor: actorOf(line),
    request: { statement: withoutSecrets(bare, MYSQL), database: line.database },
    response: null,
    extra: { connection: line.connection, ref: { scope: serverScope(server) } },
  };
}

/** The file tells neither the program nor more of the client than its address. */
function actorOf({ user, address }: AuditLine): Actor {
  return {
    name: user === '' ? 'replication or the event scheduler' : user,
    type: user === '' ? 'Service' : 'DatabaseUser',
    arn: null,
    role: null,
    via: user === '' ? 'service' : 'unknown',
    sourceIp: /^(localhost)?$/.test(address) ? null : address,
    userAgent: null,
    mfa: null,
    nameFrom: 'user',
  };
}
