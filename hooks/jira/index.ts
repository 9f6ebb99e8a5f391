/** Jira Cloud: an issue for each finding. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { deliverTicket } from '../_tickets/flow.ts';
import { jiraTracker } from './tracker.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('https://yours.atlassian.net'),
  email: z.email().describe('of the account that the token belongs to'),
  token: z.string().min(1).meta({ secret: true, description: 'API token of that account, as env:NAME or file:PATH' }),
  project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'write the key of a project, such as OPS'),
  issueType: z.string().min(1).default('Task'),
  labels: z.array(z.string().regex(/^\S+$/, 'a label without a space')).max(20).default(['drifttrail']),
});

const jira = {
  name: 'jira',
  summary: 'opens, comments and closes Jira issues',
  options,
  each: true,
  deliver: (message, _signal, { ask, options: { url, email, token, project, issueType, labels } }) => {
    const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
    const api = { ask, base: url.replace(/\/$/, ''), headers: { authorization, accept: 'application/json' } };
    return deliverTicket(message, jiraTracker(api, project, issueType, labels));
  },
} satisfies Hook<z.infer<typeof options>>;

export default jira;
