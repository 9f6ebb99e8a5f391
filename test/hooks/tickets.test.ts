import { describe, expect, it } from 'vitest';
import githubIssue from '../../hooks/github-issue/index.ts';
import gitlabIssue from '../../hooks/gitlab-issue/index.ts';
import jiraIssue from '../../hooks/jira/index.ts';
import type { Answer, HookContext, Message, Receipt } from '../../src/model.ts';
import { findingOf, messageOf, nastiest, PAYLOADS } from '../notify/findings.ts';
import { contextOf, UNSEEN } from './context.ts';
import { type FakeTracker, github, gitlab, jira } from './trackers.ts';

type Ask = HookContext['ask'];
const signal = new AbortController().signal;
const TOKEN = 'token-123456';

const TRACKERS = [
  {
    name: 'github-issue',
    make: github,
    deliver: (message: Message, ask: Ask) =>
      githubIssue.deliver(message, signal, contextOf(githubIssue.options.parse({ repository: 'o/r', token: TOKEN }), { ask })),
    title: 256,
    body: 65_536,
    header: ['authorization', `Bearer ${TOKEN}`],
  },
  {
    name: 'gitlab-issue',
    make: gitlab,
    deliver: (message: Message, ask: Ask) =>
      gitlabIssue.deliver(message, signal, contextOf(gitlabIssue.options.parse({ project: 'g/p', token: TOKEN }), { ask })),
    title: 255,
    body: 1_048_576,
    header: ['private-token', TOKEN],
  },
  {
    name: 'jira',
    make: jira,
    deliver: (message: Message, ask: Ask) => {
      const options = { url: 'https://x.atlassian.net/', email: 'a@b.example', token: TOKEN, project: 'OPS' };
      return jiraIssue.deliver(message, signal, contextOf(jiraIssue.options.parse(options), { ask }));
    },
    title: 255,
    body: 32_767,
    header: ['authorization', `Basic ${Buffer.from(`a@b.example:${TOKEN}`).toString('base64')}`],
  },
];
const undone = { by: 'f-000000000009', at: '2026-01-14T16:00:00Z', actor: 'bob' };
const CREATED = messageOf({ findings: [findingOf({ undo: ["aws ec2 create-route --route-table-id 'rtb-0a1'"] })] });
const FOLLOW_UP = messageOf({ id: 'm-2222222222222222', kind: 'follow-up' });
const RESOLVED = messageOf({ id: 'm-3333333333333333', kind: 'resolve', findings: [findingOf({ undone })] });

describe.each(TRACKERS)('$name', ({ make, deliver, title, body, header: [name = '', value = ''] }) => {
  const tell = async (tracker: FakeTracker, ...messages: Message[]): Promise<Receipt[]> => {
    const receipts: Receipt[] = [];
    for (const message of messages) receipts.push(await deliver(message, tracker.ask));
    return receipts;
  };

  it('opens one issue a finding, however often it is told, comments it once a message, and closes it', async () => {
    const tracker = make();
    const receipts = await tell(tracker, CREATED, CREATED, FOLLOW_UP, FOLLOW_UP);
    expect(receipts.map(({ status }) => status)).toEqual(Array(4).fill('delivered'));
    expect(tracker.issues).toMatchObject([{ open: true, title: expect.stringMatching(/rtb-0a1 .* \[f-000000000001\]$/) }]);
    expect(tracker.issues[0]?.comments).toHaveLength(1);
    await tell(tracker, RESOLVED, RESOLVED);
    expect(tracker.issues).toMatchObject([{ open: false }]);
    expect(tracker.issues[0]?.comments).toHaveLength(2);
    expect(tracker.issues[0]?.comments[1]).toContain('by bob: f-000000000009');
    expect(tracker.requests.every(({ headers }) => headers?.[name] === value)).toBe(true);
  });

  it('says what happened as a diff, who did it, and how to put it back', async () => {
    const tracker = make();
    await tell(tracker, CREATED);
    for (const part of [
      '@@ /routes/0.0.0.0~10',
      'natGatewayId',
      'alice as Admin',
      "create-route --route-table-id 'rtb-0a1'",
      'm-0123456789abcdef',
    ])
      expect(tracker.issues[0]?.body).toContain(part);
  });

  it('opens nothing for a test, nor for what was put back before it had an issue', async () => {
    const tracker = make();
    const receipts = await tell(tracker, messageOf({ kind: 'test', findings: [] }), RESOLVED);
    expect(receipts.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(tracker.issues).toEqual([]);
  });

  it('keeps to the limits with the largest and nastiest message', async () => {
    const tracker = make();
    const bad = nastiest();
    await tell(tracker, { ...bad, findings: bad.findings.slice(0, 1) });
    const [issue] = tracker.issues;
    expect(issue?.title.length).toBeLessThanOrEqual(title);
    expect(issue?.title).toMatch(/ \[f-[0-9a-z]+\]$/);
    expect(issue?.body.length).toBeLessThanOrEqual(body);
    expect(issue?.title + (issue?.body ?? '')).not.toMatch(UNSEEN);
    expect(JSON.stringify(issue)).not.toContain('ASIACREDENTIAL');
  });

  it.each([...PAYLOADS, 'x\n/close\n', '```\n/close'])('%j is no markup, no mention and no command', async (payload) => {
    const tracker = make();
    const ref = { scope: payload, kind: payload, id: payload };
    const edits = [{ path: `/${payload}`, before: payload, after: `${payload}\n${payload}` }];
    await tell(
      tracker,
      messageOf({ subject: payload, findings: [findingOf({ change: { type: 'modified', ref, path: 'x', edits }, reasons: [payload] })] }),
    );
    const [issue] = tracker.issues;
    expect(issue?.title).not.toMatch(/[@`<>*\n]/);
    if (issue?.body.startsWith('{') === true) {
      const { content } = JSON.parse(issue.body) as { content: { type: string }[] };
      expect(content.map(({ type }) => type)).toEqual(['codeBlock']);
    } else expect(issue?.body).toMatch(/^```diff\n[^`]*\n```$/);
  });

  it.each([
    [
      { status: 'retry', detail: '500', code: 500, body: '' },
      { status: 'retry', detail: '500' },
    ],
    [
      { status: 'rejected', detail: '401', code: 401, body: '' },
      { status: 'rejected', detail: '401' },
    ],
    [
      { status: 'rejected', detail: '403', code: 403, body: 'API rate limit exceeded' },
      { status: 'retry', retryAfter: 60_000 },
    ],
    [
      { status: 'delivered', detail: '200', code: 200, body: '<html>' },
      { status: 'retry', detail: expect.stringContaining('than JSON') },
    ],
  ] satisfies [Answer, object][])('hands on what the server answered: %j', async (answer, receipt) => {
    expect(await deliver(CREATED, () => Promise.resolve(answer))).toMatchObject(receipt);
  });
});

describe.each(TRACKERS)('$name, at an address where something else answers', ({ deliver }) => {
  it.each(['null', '[]', '{}', '"hello"', '[{"number":"1"}]', '{"issues":[{}]}', '{"items":7}', '<html>'])(
    '%s is tried again, and says what it is',
    async (body) => {
      const receipt = await deliver(RESOLVED, () => Promise.resolve({ status: 'delivered', detail: '200', code: 200, body }));
      if (receipt.status === 'delivered') expect(receipt.detail).toMatch(/was put back before it had an issue/);
      else
        expect(receipt).toMatchObject({
          status: 'retry',
          detail: expect.stringMatching(/answered something (?:unexpected|else than JSON)/),
        });
      const opened = await deliver(CREATED, () => Promise.resolve({ status: 'delivered', detail: '200', code: 200, body }));
      expect(opened).toMatchObject({ status: 'retry', detail: expect.stringMatching(/answered something (?:unexpected|else than JSON)/) });
    },
  );
});
