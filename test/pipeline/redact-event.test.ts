import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/model.ts';
import { createRedactor } from '../../src/normalize/redact.ts';
import { redactEvent } from '../../src/pipeline/redact-event.ts';

const redactor = createRedactor(new Uint8Array(32).fill(7));
const event: AuditEvent = {
  id: '1',
  time: '2026-11-18T14:03:12Z',
  source: 'ec2.amazonaws.com',
  name: 'CreateTags',
  account: '123456789012',
  region: 'eu-west-1',
  readOnly: false,
  actor: { name: 'a', type: 'IAMUser', arn: null, role: null, via: 'cli', sourceIp: null, userAgent: null, mfa: null },
  request: {
    resourcesSet: { items: [{ resourceId: 'sg-0a1b2c3d4e5f60718' }] },
    tagSet: {
      items: [
        { key: 'password', value: 'hunter2-Tr0ub4dor' },
        { key: 'team', value: 'web' },
      ],
    },
  },
  response: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: 'bob' }, _return: true },
};

describe('redactEvent', () => {
  const clean = redactEvent(event, redactor);

  it('hides what was written and keeps what identifies', () => {
    expect(JSON.stringify(clean)).not.toContain('hunter2');
    expect(clean.response).toEqual(event.response);
    expect(JSON.stringify(clean.request)).toContain('sg-0a1b2c3d4e5f60718');
    expect(JSON.stringify(clean.request)).toContain('"web"');
  });

  it('marks a value as the snapshot does, so that it still matches its leaf', () => {
    const config = redactor.json({ tags: { password: 'hunter2-Tr0ub4dor' } }, []) as { tags: { password: string } };
    expect(JSON.stringify(clean.request)).toContain(config.tags.password);
  });

  it('is idempotent', () => {
    expect(redactEvent(clean, redactor)).toEqual(clean);
  });
});
