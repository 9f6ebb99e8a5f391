/** What names, tags and actors may hold, on every way to a reader (S5). */
import { expect, it } from 'vitest';
import { encode as encodeDiscord } from '../../hooks/discord/encode.ts';
import { encode as encodeGelf } from '../../hooks/gelf/encode.ts';
import { encode as encodeMail } from '../../hooks/mail/encode.ts';
import { encode as encodeMattermost } from '../../hooks/mattermost/encode.ts';
import { encode as encodeOpsgenie } from '../../hooks/opsgenie/encode.ts';
import { encode as encodePagerDuty } from '../../hooks/pagerduty/encode.ts';
import { encode as encodeRocketChat } from '../../hooks/rocketchat/encode.ts';
import { encode as encodeSlack } from '../../hooks/slack/encode.ts';
import { encode as encodeSyslog } from '../../hooks/syslog/encode.ts';
import { encode as encodeTeams } from '../../hooks/teams/encode.ts';
import { encode as encodeEvent } from '../../hooks/webhook/encode.ts';
import type { Finding } from '../../src/model.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderNote } from '../../src/report/note.ts';
import { renderDetails, renderText } from '../../src/report/text.ts';
import { commitMessage } from '../../src/store/message.ts';
import { git, newStore, write } from '../store/repository.ts';
import { messageOf, PAYLOADS, poisoned } from '../notify/findings.ts';

/** Controls but for the newline, overrides, invisible characters and lone surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const ACTIVE = /[\p{Surrogate}\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

const report = (finding: Finding) => ({
  generatedAt: '2026-01-14T16:00:00Z',
  window: { from: '2026-01-14T15:00:00Z', to: '2026-01-14T16:00:00Z' },
  findings: [finding],
  gaps: [{ scope: finding.change?.ref.scope ?? '', reason: 'denied' as const, detail: finding.reasons[0] ?? '' }],
  unmapped: [{ name: finding.reasons[0] ?? '', source: finding.reasons[0] ?? '', count: 1 }],
});
const summaryOf = (body: object) => JSON.stringify('payload' in body && { ...(body.payload as object), custom_details: null });
const terminal = { colour: false, width: 100 };

it.each(PAYLOADS.map((payload) => [JSON.stringify(payload), payload] as const))(
  '%s is readable everywhere and active nowhere',
  (_name, payload) => {
    const finding = poisoned(payload);
    const message = messageOf({ findings: [finding], subject: `begin ${payload} end`, title: `begin ${payload} end` });
    const texts = {
      terminal: renderText(report(finding), terminal),
      details: renderDetails(finding, terminal),
      note: renderNote([finding]),
      markdown: renderMarkdown(report(finding)),
      slack: JSON.stringify(encodeSlack(message)),
      teams: JSON.stringify(encodeTeams(message)),
      discord: JSON.stringify(encodeDiscord(message)),
      mattermost: encodeMattermost(message, {}).text,
      rocketchat: encodeRocketChat(message, {}).text,
      pagerduty: summaryOf(encodePagerDuty(message, 'k', 'info', '2026-01-14T15:00:00Z').body),
      opsgenie: JSON.stringify(encodeOpsgenie(message).body),
      mail: encodeMail(message, '', 'd')
        .map(({ subject, text, html }) => `${subject}\n${text}\n${html}`)
        .join('\n'),
      syslog: encodeSyslog(message, '2026-01-14T15:00:00Z', { facility: 16, hostname: 'h', appName: 'd', most: 8192 }).join('\n'),
      gelf: JSON.stringify(encodeGelf(message, 'h', new Date(0))),
      commit: commitMessage({
        changes: finding.change === undefined ? [] : [finding.change],
        run: 'r1',
        window: { from: 'a', to: 'b' },
        gaps: [],
      }),
    };
    for (const [outlet, text] of Object.entries(texts)) {
      expect(text, outlet).not.toMatch(ACTIVE);
      expect(text, outlet).toContain('begin');
      expect(text, outlet).toContain('end');
    }
    // JSON for machines keeps every character, as an escape where it has to be.
    const event = JSON.stringify(encodeEvent(message, 'drifttrail', '2026-01-14T15:00:00Z'));
    expect(event).not.toMatch(/[\p{Surrogate}]/u);
    expect(JSON.parse(event)).toMatchObject({ data: { findings: [{ id: finding.id }] } });
    // Chats: every text is plain, and what the fallback says cannot mention anybody.
    const { text, blocks } = encodeSlack(message);
    expect(blocks.flatMap((block) => ('text' in block ? [block.text.type] : []))).not.toContain('mrkdwn');
    expect(text).not.toMatch(/<[!@#h]|```/);
  },
);

it('no name forges a trailer of the commit', async () => {
  const store = await newStore();
  const changes = PAYLOADS.map((payload) => poisoned(`${payload}\n\nDrifttrail-Run: forged\nDrifttrail-Gaps: 99`).change).filter(
    (change) => change !== undefined,
  );
  const sha = await write(
    store,
    { 'aws/1/x': 'x' },
    { message: commitMessage({ changes, run: 'real', window: { from: 'a', to: 'b' }, gaps: [] }) },
  );
  expect((await store.info(sha ?? '')).trailers).toEqual({ 'Drifttrail-Run': 'real', 'Drifttrail-Window': 'a/b', 'Drifttrail-Gaps': '0' });
  expect(await git(store.dir, 'log', '-1', '--format=%(trailers:key=Drifttrail-Run,valueonly)', sha ?? '')).toBe('real');
});
