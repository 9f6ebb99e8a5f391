/** Findings for tests: an ordinary one, and the nastiest that names, tags and actors can make. */
import type { Finding, Message } from '../../src/model.ts';

export const PAYLOADS = [
  '<!channel>',
  '<!here|x>',
  '@everyone',
  '<@U123>',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '&lt;b&gt;',
  '```\ncode',
  '*bold* _it_ ~s~ `c`',
  '[x](javascript:alert(1))',
  '![x](http://evil/x.png)',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;http://evil\u0007link\u001b]8;;\u0007',
  '\u001b]0;title\u001b\\',
  '\u009b2J',
  'a\r\nSubject: forged',
  'Drifttrail-Run: forged',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '\u200bzero',
  '=cmd()|x',
  '+1+1',
  "'; rm -rf /",
  '$(touch /tmp/x)',
  '`id`',
  '\ud800',
  '\udc00x',
  '\u0000',
  '\u{e0041}',
  '|x=1;2',
] as const;

export function findingOf(overrides: Partial<Finding> = {}): Finding {
  const ref = { scope: 'aws/123456789012/eu-west-1', kind: 'aws.ec2.route-table', id: 'rtb-0a1' };
  return {
    id: 'f-000000000001',
    commit: 'a'.repeat(40),
    change: {
      type: 'modified',
      ref,
      path: 'aws/123456789012/eu-west-1/ec2.route-table/rtb-0a1.json',
      name: 'private-a',
      edits: [{ path: '/routes/0.0.0.0~10', before: { natGatewayId: 'nat-1' }, after: null }],
    },
    window: { from: '2026-01-14T15:00:00Z', to: '2026-01-14T15:05:00Z' },
    attribution: {
      status: 'attributed',
      grade: 'exact',
      because: 'DeleteRoute names the route table and the destination',
      actor: {
        name: 'alice',
        type: 'AssumedRole',
        arn: null,
        role: 'Admin',
        via: 'console',
        sourceIp: '192.0.2.1',
        userAgent: null,
        mfa: true,
        credential: 'ASIACREDENTIALOFALICE',
      },
      events: [{ id: 'e-1', name: 'DeleteRoute', source: 'ec2.amazonaws.com', time: '2026-01-14T15:02:03Z' }],
      edits: {},
    },
    level: 'high',
    score: 82,
    rules: ['default-route-removed'],
    reasons: ['the default route is gone'],
    ...overrides,
  };
}

export function messageOf(overrides: Partial<Message> = {}): Message {
  return {
    id: 'm-0123456789abcdef',
    title: 'HIGH: 1 change',
    commit: 'a'.repeat(40),
    subject: 'aws 123456789012: 1 route table changed',
    findings: [findingOf()],
    more: 0,
    kind: 'changes',
    link: 'drifttrail show f-000000000001',
    ...overrides,
  };
}

/** A payload wherever somebody outside chooses the words. */
export function poisoned(payload: string): Finding {
  const base = findingOf();
  const text = `begin ${payload} end`;
  return findingOf({
    change: {
      type: 'modified',
      ref: { scope: text, kind: text, id: text },
      path: text,
      name: text,
      edits: [{ path: `/${text}`, before: text, after: { [text]: text } }],
    },
    attribution: {
      ...base.attribution,
      because: text,
      actor: { name: text, type: text, arn: text, role: text, via: 'console', sourceIp: text, userAgent: text, mfa: null },
      events: [{ id: text, name: text, source: text, time: '2026-01-14T15:02:03Z' }],
    },
    reasons: [text],
    rules: [text],
    undo: [text],
  });
}

/** Everything hostile and everything long, in every field that comes from outside. */
export function nastiest(): Message {
  const bad = `${PAYLOADS.join(' ')} ${'😀&<>'.repeat(3000)}`;
  const base = findingOf();
  const finding: Finding = {
    ...base,
    change: {
      type: 'modified',
      ref: { scope: bad, kind: bad, id: bad },
      path: bad,
      name: bad,
      edits: Array.from({ length: 3000 }, (_, index) => ({ path: `/${index}${bad}`, before: bad, after: { [bad]: [bad] } })),
    },
    attribution: {
      ...base.attribution,
      because: bad,
      actor: {
        name: bad,
        type: bad,
        arn: bad,
        role: bad,
        via: 'console',
        sourceIp: bad,
        userAgent: bad,
        mfa: null,
        credential: 'ASIACREDENTIALOFALICE',
      },
      events: Array.from({ length: 100 }, () => ({ id: bad, name: bad, source: bad, time: bad })),
    },
    rules: Array.from({ length: 50 }, () => bad),
    reasons: Array.from({ length: 50 }, () => bad),
    undo: Array.from({ length: 50 }, () => bad),
  };
  return messageOf({
    title: bad,
    subject: bad,
    link: bad,
    findings: Array.from({ length: 5 }, (_, index) => ({ ...finding, id: `f-${index}` })),
    more: 99_999,
  });
}
