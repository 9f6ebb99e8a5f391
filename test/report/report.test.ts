import { expect, test } from 'vitest';
import type { Actor, Finding } from '../../src/model.ts';
import { clean } from '../../src/report/clean.ts';
import { type ReportData, toContract } from '../../src/report/contract.ts';
import { codeSpan, escapeMarkdown } from '../../src/report/escape-markdown.ts';
import { filterReport } from '../../src/report/filter.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderNote } from '../../src/report/note.ts';
import { renderText, wantsColour } from '../../src/report/text.ts';

const actor: Actor = {
  name: 'DevOpsEngineer1',
  type: 'IAMUser',
  arn: 'arn:aws:iam::123456789012:user/DevOpsEngineer1',
  role: null,
  via: 'console',
  sourceIp: '198.51.100.7',
  userAgent: 'Mozilla/5.0',
  mfa: true,
  credential: 'AKIASECRET',
};
const event = { id: 'ev-1', name: 'DeleteRoute', source: 'ec2.amazonaws.com', time: '2026-01-07T14:02:31Z' };
const route: Finding = {
  id: 'f-0123456789ab',
  commit: '0123456789abcdef0123456789abcdef01234567',
  change: {
    type: 'modified',
    ref: { scope: 'aws/123456789012/eu-west-1', kind: 'aws.ec2.route-table', id: 'rtb-0a1' },
    path: 'aws/123456789012/eu-west-1/ec2.route-table/rtb-0a1.json',
    name: 'private-a',
    edits: [{ path: '/routes/0.0.0.0~10', before: { natGatewayId: 'nat-1' }, after: null }],
  },
  window: { from: '2026-01-07T14:00:00Z', to: '2026-01-07T14:05:00Z' },
  attribution: {
    status: 'attributed',
    grade: 'exact',
    actor,
    events: [event],
    edits: { '/routes/0.0.0.0~10': { eventIds: ['ev-1'], grade: 'exact' } },
    because: 'DeleteRoute names the route',
  },
  level: 'high',
  score: 82,
  rules: ['default-route-removed'],
  reasons: ['default route 0.0.0.0/0 deleted: the subnets of this table lost their way out'],
  undo: [
    "aws ec2 create-route --region eu-west-1 --route-table-id 'rtb-0a1' --destination-cidr-block '0.0.0.0/0' --nat-gateway-id 'nat-1'",
  ],
};
const low: Finding = {
  ...route,
  id: 'f-ffffffffffff',
  level: 'low',
  score: 20,
  rules: [],
  reasons: ['its configuration changed'],
  attribution: { status: 'pending', events: [], edits: {}, because: 'the trail lags' },
};
const report = (findings: readonly Finding[]): ReportData => ({
  findings,
  gaps: [],
  unmapped: [],
  window: { from: '2026-01-07T00:00:00Z', to: '2026-01-08T00:00:00Z' },
  generatedAt: '2026-01-08T07:00:00Z',
});

test('what no command brings back is told as a remark, not as a command', () => {
  const undo = ['aws ec2 allocate-address', '# AWS gives an address back only as long as nobody else has got it'];
  const data = report([{ ...route, undo }]);
  const text = renderText(data, { colour: true, width: 80 });
  expect(text).toContain('\u001b[1m  undo: aws ec2 allocate-address');
  expect(text).toContain('\n  undo: # AWS gives');
  const markdown = renderMarkdown(data);
  expect(markdown).toContain('- `aws ec2 allocate-address`');
  expect(markdown).toContain('- AWS gives an address back');
});

test('the report opens with the worst: table, route, person, session, minute; the undo command is whole', () => {
  const text = renderText(report([low, route]), { colour: false, width: 80 });
  const [head = ''] = text.split('\n\n');
  const sentence = head.replaceAll(/\s+/g, ' ');
  for (const part of [
    'route table rtb-0a1 (private-a)',
    'deleted route 0.0.0.0/0',
    'DevOpsEngineer1',
    'console session',
    '2026-01-07 14:02 UTC',
  ])
    expect(sentence).toContain(part);
  expect(head).toContain(`undo: ${route.undo?.[0]}`);
  expect(text.split('\n').filter((line) => line.length > 80 && !line.includes('undo:'))).toEqual([]);
  expect(text.indexOf('HIGH')).toBeLessThan(text.indexOf('LOW'));
  expect(text).not.toContain('\u001b');
});

test('colour comes only when wanted', () => {
  expect(renderText(report([route]), { colour: true, width: 80 })).toContain('\u001b[31m');
  expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour({}, true)).toBe(true);
  expect(wantsColour({}, false)).toBe(false);
  expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true);
});

test('data cannot move the cursor, forge a line or turn the text around', () => {
  const evil = 'a\u001b[2Jb\nHIGH forged\u202edcba\u0007';
  const finding: Finding = {
    ...route,
    change: { ...(route.change as NonNullable<Finding['change']>), name: evil },
    reasons: [evil],
    undo: [`echo '${evil}'`],
  };
  for (const text of [
    renderText(report([finding]), { colour: false, width: 80 }),
    renderMarkdown(report([finding])),
    renderNote([finding]),
  ]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must be absent.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/);
    expect(text).not.toMatch(/^HIGH forged/m);
  }
  expect(clean('tab\there')).toBe('tab here');
});

test('Markdown in data stays text', () => {
  expect(escapeMarkdown('<img src=x> [a](http://b) @channel **b** |')).not.toMatch(/<img|\]\(|@channel|\*\*|[^\\]\||http:\/\//);
  expect(codeSpan('a ``` b')).toBe('````a ``` b````');
  expect(renderMarkdown(report([{ ...route, reasons: ['</details><script>'] }]))).not.toContain('<script>');
});

test('the contract has the promised fields and never the credential', () => {
  const json = toContract(report([low, route]));
  expect(json).toMatchObject({
    schemaVersion: 1,
    window: { from: '2026-01-07T00:00:00Z', to: '2026-01-08T00:00:00Z' },
    findings: [
      {
        id: 'f-0123456789ab',
        transient: false,
        type: 'modified',
        resource: {
          kind: 'aws.ec2.route-table',
          id: 'rtb-0a1',
          scope: 'aws/123456789012/eu-west-1',
          path: 'aws/123456789012/eu-west-1/ec2.route-table/rtb-0a1.json',
          name: 'private-a',
        },
        edits: [{ path: '/routes/0.0.0.0~10', before: { natGatewayId: 'nat-1' }, after: null, eventIds: ['ev-1'], grade: 'exact' }],
        attribution: {
          status: 'attributed',
          grade: 'exact',
          actor: { name: 'DevOpsEngineer1', via: 'console', mfa: true, role: null },
          events: [event],
        },
        threat: { level: 'high', score: 82, rules: ['default-route-removed'] },
        undo: route.undo,
      },
      { id: 'f-ffffffffffff', attribution: { status: 'pending', grade: null, actor: null, events: [] } },
    ],
    gaps: [],
    unmappedEvents: [],
  });
  expect(JSON.stringify(json)).not.toContain('AKIASECRET');
});

test('a pending finding names nobody; gaps and unmapped writes are said', () => {
  const text = renderText(
    {
      ...report([low]),
      gaps: [{ scope: 'aws/1/eu-west-1', kind: 'aws.ec2.vpc', reason: 'denied', detail: 'ec2:DescribeVpcs' }],
      unmapped: [{ name: 'PutThing', source: 'x.amazonaws.com', count: 2 }],
    },
    { colour: false, width: 80 },
  );
  expect(text).toContain('not known yet');
  expect(text).not.toContain('DevOpsEngineer1');
  expect(text).toContain('denied, ec2:DescribeVpcs');
  expect(text).toContain('x:PutThing ×2');
});

test('where nothing is of what was asked for, it says that, and how many findings there are', () => {
  const asked = filterReport(report([low]), { actor: 'nobody' });
  const [text, markdown, html] = [renderText(asked, { colour: false, width: 80 }), renderMarkdown(asked), renderHtml(asked)];
  for (const form of [text, markdown, html]) {
    expect(form.replaceAll('\\', '')).toContain('None of the 1 finding of this time is known to be by nobody.');
    expect(form).not.toMatch(/nothing changed/i);
  }
  expect(renderText(filterReport(report([]), { actor: 'nobody' }), { colour: false, width: 80 })).toContain('Nothing changed.');
  const seen = filterReport({ ...report([low]), gaps: [{ scope: 'x/y', reason: 'denied', detail: 'd' }] }, { scope: 'x' });
  expect(renderText(seen, { colour: false, width: 80 })).toContain('is of x in what could be read.');
});

test('an empty report says so, and not more than it knows', () => {
  expect(renderText(report([]), { colour: false, width: 80 })).toContain('Nothing changed.');
  expect(renderText({ ...report([]), gaps: [{ scope: 's', reason: 'denied', detail: 'd' }] }, { colour: false, width: 80 })).toContain(
    'what could be read',
  );
});

test('the note is the same for any order of findings', () => {
  expect(renderNote([low, route])).toBe(renderNote([route, low]));
  expect(renderNote([route])).toMatchInlineSnapshot(`
    "[high 82] route table rtb-0a1 (private-a): deleted route 0.0.0.0/0
      by DevOpsEngineer1, console session, 2026-01-07 14:02 UTC (DeleteRoute)
      default route 0.0.0.0/0 deleted: the subnets of this table lost their way out
      undo: aws ec2 create-route --region eu-west-1 --route-table-id 'rtb-0a1' --destination-cidr-block '0.0.0.0/0' --nat-gateway-id 'nat-1'
      f-0123456789ab
    "
  `);
});

test('an event of an unknown kind is named by its service and call, an untold value by its place', () => {
  const raw: Finding = {
    ...route,
    commit: null,
    change: { type: 'modified', ref: { scope: 'aws/1/eu-west-1', kind: 'cloudtrail', id: 'StopLogging' }, path: '', edits: [] },
    attribution: { ...route.attribution, events: [{ ...event, name: 'StopLogging' }] },
  };
  expect(renderNote([raw])).toContain('cloudtrail: StopLogging');
  const masked: Finding = {
    ...route,
    change: { ...(route.change as NonNullable<Finding['change']>), edits: [{ path: '/loginProfile', before: null, after: null }] },
  };
  expect(renderNote([masked])).toContain('changed loginProfile');
});
