/**
 * Jira Cloud over its REST API, version 3: summary ≤255 characters, description ≤32,767, text as Atlassian documents, in
 * which a code block is data and nothing in it can become markup. An issue is found by a label that holds the finding's id.
 */
import type { JsonObject, Message } from 'drifttrail';
import { cut } from 'drifttrail';
import { z } from 'zod';
import { ANYTHING, type Api, call, type Tracker, Unanswered } from '../_tickets/flow.ts';
import { ticketLines, ticketTitle } from '../_tickets/text.ts';

const status = z.object({ statusCategory: z.object({ key: z.string() }) });
const searched = z.object({ issues: z.array(z.object({ key: z.string(), fields: z.object({ status }) })).default([]) });
const commented = z.object({ comments: z.array(z.unknown()) });
const steps = z.object({ transitions: z.array(z.object({ id: z.string(), to: status })) });

const SUMMARY = 255;
const TEXT = 30_000;

export function jiraTracker(api: Api, project: string, issueType: string, labels: readonly string[]): Tracker {
  const of = (key: string, rest = '') => `/rest/api/3/issue/${encodeURIComponent(key)}${rest}`;
  return {
    name: 'Jira',
    find: async (finding) => {
      const jql = `project = "${project}" AND labels = "${labelOf(finding)}"`;
      const { issues } = await call(api, 'POST', '/rest/api/3/search/jql', searched, { jql, fields: ['status'], maxResults: 1 });
      const [issue] = issues;
      return issue === undefined ? undefined : { key: issue.key, open: issue.fields.status.statusCategory.key !== 'done' };
    },
    create: async (message) => {
      const [finding] = message.findings;
      if (finding === undefined) throw new TypeError('an issue is about a finding');
      const fields = {
        project: { key: project },
        issuetype: { name: issueType },
        summary: ticketTitle(finding, SUMMARY),
        description: documentOf(message),
        labels: [...labels, labelOf(finding.id)],
      };
      return (await call(api, 'POST', '/rest/api/3/issue', z.object({ key: z.string() }), { fields })).key;
    },
    said: async ({ key }, text) => {
      // The text of a document stands in its JSON as it is: ids need no escape.
      for (let start = 0; ; start += 100) {
        const { comments } = await call(api, 'GET', of(key, `/comment?maxResults=100&startAt=${start}`), commented);
        if (JSON.stringify(comments).includes(text)) return true;
        if (comments.length < 100) return false;
      }
    },
    comment: async ({ key }, message) => void (await call(api, 'POST', of(key, '/comment'), ANYTHING, { body: documentOf(message) })),
    close: async ({ key }) => {
      const { transitions } = await call(api, 'GET', of(key, '/transitions'), steps);
      const done = transitions.find(({ to }) => to.statusCategory.key === 'done');
      if (done === undefined)
        throw new Unanswered({
          status: 'rejected',
          detail: `Jira ${key} cannot be closed: its workflow has no step to a done status from here`,
        });
      await call(api, 'POST', of(key, '/transitions'), ANYTHING, { transition: { id: done.id } });
    },
    probe: async () => void (await call(api, 'GET', `/rest/api/3/project/${encodeURIComponent(project)}`, ANYTHING)),
  };
}

/** `drifttrail-f-0123456789ab`: labels hold no space. */
function labelOf(finding: string): string {
  return `drifttrail-${finding}`;
}

function documentOf(message: Message): JsonObject {
  const text = cut(message.findings.flatMap((finding) => ticketLines(message, finding)).join('\n'), TEXT);
  return { type: 'doc', version: 1, content: [{ type: 'codeBlock', attrs: { language: 'diff' }, content: [{ type: 'text', text }] }] };
}
