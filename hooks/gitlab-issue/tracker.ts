/**
 * GitLab issues over the REST API, version 4: title ≤255 characters, description ≤1,048,576. The text stands in a code
 * block, because a line that begins with a slash is a command to GitLab anywhere else.
 */
import type { Message } from 'drifttrail';
import { z } from 'zod';
import { ANYTHING, type Api, call, type Tracker } from '../_tickets/flow.ts';
import { fencedBody, ticketLines, ticketTitle } from '../_tickets/text.ts';

const issueShape = z.object({ iid: z.int(), title: z.string(), state: z.string() });
const noteList = z.array(z.object({ body: z.string() }));

const TITLE = 255;
const BODY = 65_000;

export function gitlabTracker(api: Api, project: string, labels: readonly string[]): Tracker {
  const root = `/projects/${encodeURIComponent(project)}/issues`;
  return {
    name: project,
    find: async (finding) => {
      const issues = await call(
        api,
        'GET',
        `${root}?in=title&search=${encodeURIComponent(finding)}&state=all&per_page=100`,
        z.array(issueShape),
      );
      const issue = issues.find(({ title }) => title.endsWith(`[${finding}]`));
      return issue === undefined ? undefined : { key: String(issue.iid), open: issue.state === 'opened' };
    },
    create: async (message) => {
      const [finding] = message.findings;
      if (finding === undefined) throw new TypeError('an issue is about a finding');
      const issue = { title: ticketTitle(finding, TITLE), description: bodyOf(message), labels: labels.join(',') };
      return `#${(await call(api, 'POST', root, issueShape, issue)).iid}`;
    },
    said: async ({ key }, text) => {
      for (let page = 1; ; page++) {
        const notes = await call(api, 'GET', `${root}/${key}/notes?per_page=100&page=${page}`, noteList);
        if (notes.some(({ body }) => body.includes(text))) return true;
        if (notes.length < 100) return false;
      }
    },
    comment: async ({ key }, message) => void (await call(api, 'POST', `${root}/${key}/notes`, ANYTHING, { body: bodyOf(message) })),
    close: async ({ key }) => void (await call(api, 'PUT', `${root}/${key}`, ANYTHING, { state_event: 'close' })),
    probe: async () => void (await call(api, 'GET', `/projects/${encodeURIComponent(project)}`, ANYTHING)),
  };
}

function bodyOf(message: Message): string {
  return fencedBody(
    message.findings.flatMap((finding) => ticketLines(message, finding)),
    BODY,
  );
}
