/** Issue trackers in memory that speak their published APIs, as far as the outlets use them. */
import type { Answer, OutgoingRequest } from '../../src/model.ts';

export interface Issue {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly comments: string[];
  open: boolean;
}
export interface FakeTracker {
  readonly issues: Issue[];
  readonly requests: OutgoingRequest[];
  readonly ask: (request: OutgoingRequest) => Promise<Answer>;
}

type Body = Readonly<Record<string, unknown>>;
type Route = (issues: Issue[], path: string, method: string, body: Body) => unknown;

function tracker(route: Route): FakeTracker {
  const issues: Issue[] = [];
  const requests: OutgoingRequest[] = [];
  return {
    issues,
    requests,
    ask: (request) => {
      requests.push(request);
      const { pathname, search } = new URL(request.url);
      const said = route(
        issues,
        pathname + search,
        request.method ?? 'POST',
        request.body === '' ? {} : (JSON.parse(request.body) as Body),
      );
      if (said === undefined) return Promise.resolve({ status: 'rejected', detail: '404', code: 404, body: '' });
      return Promise.resolve({ status: 'delivered', detail: '200', code: 200, body: said === null ? '' : JSON.stringify(said) });
    },
  };
}

const add = (issues: Issue[], title: unknown, body: unknown, labels: readonly string[]): Issue => {
  const issue: Issue = { key: String(issues.length + 1), title: String(title), body: String(body), labels, comments: [], open: true };
  issues.push(issue);
  return issue;
};

/** Its search knows nothing yet of what was opened a moment ago. */
export const github = () =>
  tracker((issues, path, method, body) => {
    const shown = ({ key, title, open }: Issue) => ({ number: Number(key), title, state: open ? 'open' : 'closed' });
    if (path.startsWith('/search/issues?')) return { items: [] };
    const [, key = '', rest] = /^\/repos\/o\/r\/issues\/(\d+)(\/comments)?/.exec(path) ?? [];
    const issue = issues.find((one) => one.key === key);
    if (issue !== undefined && rest !== undefined && method === 'GET') return issue.comments.map((text) => ({ body: text }));
    if (issue !== undefined && rest !== undefined) return { id: issue.comments.push(String(body['body'])) };
    if (issue !== undefined && method === 'PATCH') {
      issue.open = body['state'] !== 'closed';
      return shown(issue);
    }
    if (path.startsWith('/repos/o/r/issues') && method === 'GET') return issues.toReversed().map(shown);
    if (path === '/repos/o/r/issues') return shown(add(issues, body['title'], body['body'], body['labels'] as string[]));
    return path === '/repos/o/r' ? { id: 1 } : undefined;
  });

export const gitlab = () =>
  tracker((issues, path, method, body) => {
    const shown = ({ key, title, open }: Issue) => ({ iid: Number(key), title, state: open ? 'opened' : 'closed' });
    const root = '/api/v4/projects/g%2Fp';
    const [, key = '', rest] = /\/issues\/(\d+)(\/notes)?/.exec(path) ?? [];
    const issue = issues.find((one) => one.key === key);
    if (issue !== undefined && rest !== undefined && method === 'GET') return issue.comments.map((text) => ({ body: text }));
    if (issue !== undefined && rest !== undefined) return { id: issue.comments.push(String(body['body'])) };
    if (issue !== undefined && method === 'PUT') {
      issue.open = body['state_event'] !== 'close';
      return shown(issue);
    }
    if (path.startsWith(`${root}/issues?`)) {
      const wanted = new URL(path, 'http://x').searchParams.get('search') ?? '';
      return issues.filter(({ title }) => title.includes(wanted)).map(shown);
    }
    if (path === `${root}/issues`) return shown(add(issues, body['title'], body['description'], String(body['labels']).split(',')));
    return path === root ? { id: 1 } : undefined;
  });

export const jira = () =>
  tracker((issues, path, method, body) => {
    const status = ({ open }: Issue) => ({ statusCategory: { key: open ? 'new' : 'done' } });
    if (path === '/rest/api/3/search/jql') {
      const label = /labels = "([^"]+)"/.exec(String(body['jql']))?.[1] ?? '';
      const found = issues.filter(({ labels }) => labels.includes(label));
      return { issues: found.map((issue) => ({ key: issue.key, fields: { status: status(issue) } })) };
    }
    if (path === '/rest/api/3/issue') {
      const { summary, description, labels } = body['fields'] as { summary: string; description: object; labels: string[] };
      return { key: add(issues, summary, JSON.stringify(description), labels).key };
    }
    const [, key = '', rest] = /^\/rest\/api\/3\/issue\/(\d+)\/(comment|transitions)/.exec(path) ?? [];
    const issue = issues.find((one) => one.key === key);
    if (rest === 'comment' && method === 'GET') return { comments: issue?.comments ?? [] };
    if (rest === 'comment') return { id: issue?.comments.push(JSON.stringify(body['body'])) };
    if (rest === 'transitions' && method === 'GET')
      return {
        transitions: [
          { id: '1', to: { statusCategory: { key: 'new' } } },
          { id: '31', to: { statusCategory: { key: 'done' } } },
        ],
      };
    if (rest === 'transitions' && issue !== undefined) {
      issue.open = (body['transition'] as { id: string }).id !== '31';
      return null;
    }
    return path === '/rest/api/3/project/OPS' ? { id: '1' } : undefined;
  });
