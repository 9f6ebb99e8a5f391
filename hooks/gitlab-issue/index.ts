/** GitLab: an issue for each finding. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { deliverTicket } from '../_tickets/flow.ts';
import { gitlabTracker } from './tracker.ts';

const options = z.strictObject({
  project: z.string().min(1).describe('group/name, or its number'),
  token: z
    .string()
    .min(1)
    .meta({ secret: true, description: 'access token of the project, role Reporter, scope api; as env:NAME or file:PATH' }),
  labels: z
    .array(z.string().regex(/^[^,]+$/, 'a label without a comma'))
    .max(20)
    .default(['drifttrail']),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://gitlab.com')
    .describe('the GitLab server'),
});

const gitlab = {
  name: 'gitlab-issue',
  summary: 'opens, comments and closes GitLab issues',
  options,
  each: true,
  deliver: (message, _signal, { ask, options: { project, token, labels, url } }) => {
    const api = { ask, base: `${url.replace(/\/$/, '')}/api/v4`, headers: { 'private-token': token } };
    return deliverTicket(message, gitlabTracker(api, project, labels));
  },
} satisfies Hook<z.infer<typeof options>>;

export default gitlab;
