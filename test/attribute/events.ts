/** Events to test with: a console user of one account, unless told otherwise. */
import type { Actor, AuditEvent } from '../../src/model.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

export function actor(name = 'alice', more: Partial<Actor> = {}): Actor {
  return {
    name,
    type: 'IAMUser',
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    role: null,
    via: 'console',
    sourceIp: '192.0.2.1',
    userAgent: 'Mozilla/5.0',
    mfa: true,
    nameFrom: 'user',
    ...more,
  };
}

let counter = 0;
export function auditEvent(more: Partial<AuditEvent> = {}): AuditEvent {
  counter += 1;
  return {
    id: `event-${String(counter).padStart(6, '0')}`,
    time: '2026-07-01T10:02:00Z',
    source: 'ec2.amazonaws.com',
    name: 'DeleteRoute',
    account: ACCOUNT,
    region: REGION,
    readOnly: false,
    actor: actor(),
    request: null,
    response: null,
    ...more,
  };
}
