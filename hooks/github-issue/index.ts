/** GitHub: an issue for each finding. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { deliverTicket } from '../_tickets/flow.ts';
import { githubTracker } from './tracker.ts';

const options = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  token: z.string().min(1).meta({ secret: true, description: 'may read and write issues of that repository; as env:NAME or file:PATH' }),
  labels: z.array(z.string().min(1).max(50)).max(20).default(['drifttrail']),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.github.com')
    .describe('https://HOST/api/v3 for GitHub Enterprise Server'),
});

const github = {
  name: 'github-issue',
  summary: 'opens, comments and closes GitHub issues',
  options,
  each: true,
  deliver: (message, _signal, { ask, options: { repository, token, labels, url } }) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
    return deliverTicket(message, githubTracker({ ask, base: url.replace(/\/$/, ''), headers }, repository, labels));
  },
} satisfies Hook<z.infer<typeof options>>;

export default github;
