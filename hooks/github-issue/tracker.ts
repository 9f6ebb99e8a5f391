/**
 * GitHub issues over the REST API, version 2022-11-28: title ≤256 characters, body ≤65,536. The list of issues is up to
 * date at once and finds what a repeat has just opened; the search, which lags behind, finds what is older.
 */
import type { Message } from 'drifttrail';
import { z } from 'zod';
import { ANYTHING, type Api, call, type Ticket, type Tracker } from '../_tickets/flow.ts';
import { fencedBody, ticketLines, ticketTitle } from '../_tickets/text.ts';

const issue = z.object({ number: z.int(), title: z.string(), state: z.string() });
const issueList = z.array(issue);
const commentList = z.array(z.object({ body: z.string().nullish() }));

const TITLE = 256;
const BODY = 65_000;

export function githubTracker(api: Api, repository: string, labels: readonly string[]): Tracker {
  const root = `/repos/${repository}/issues`;
  const named = (issues: z.output<typeof issueList>, finding: string): Ticket | undefined => {
    const found = issues.find(({ title }) => title.endsWith(`[${finding}]`));
    return found === undefined ? undefined : { key: String(found.number), open: found.state === 'open' };
  };
  return {
    name: repository,
    find: async (finding) => {
      const recent = await call(api, 'GET', `${root}?state=all&sort=created&direction=desc&per_page=30`, issueList);
      const query = encodeURIComponent(`repo:${repository} is:issue in:title "${finding}"`);
      return (
        named(recent, finding) ??
        named((await call(api, 'GET', `/search/issues?q=${query}`, z.object({ items: issueList }))).items, finding)
      );
    },
    create: async (message) => {
      const [finding] = message.findings;
      if (finding === undefined) throw new TypeError('an issue is about a finding');
      const title = ticketTitle(finding, TITLE);
      return `#${(await call(api, 'POST', root, issue, { title, body: bodyOf(message), labels })).number}`;
    },
    said: async ({ key }, text) => {
      for (let page = 1; ; page++) {
        const comments = await call(api, 'GET', `${root}/${key}/comments?per_page=100&page=${page}`, commentList);
        if (comments.some(({ body }) => body?.includes(text) === true)) return true;
        if (comments.length < 100) return false;
      }
    },
    comment: async ({ key }, message) => void (await call(api, 'POST', `${root}/${key}/comments`, ANYTHING, { body: bodyOf(message) })),
    close: async ({ key }) => void (await call(api, 'PATCH', `${root}/${key}`, ANYTHING, { state: 'closed', state_reason: 'completed' })),
    probe: async () => void (await call(api, 'GET', `/repos/${repository}`, ANYTHING)),
  };
}

function bodyOf(message: Message): string {
  return fencedBody(
    message.findings.flatMap((finding) => ticketLines(message, finding)),
    BODY,
  );
}
