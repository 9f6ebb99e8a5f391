/** One ticket a finding, whatever the tracker: found again by the finding's id, commented when it changes, closed when put back. */
import type { Answer, Message, OutgoingRequest, Receipt } from 'drifttrail';

export interface Ticket {
  readonly key: string;
  readonly open: boolean;
}

/** What a tracker can do. Every member throws `Unanswered` when the tracker does not answer as it should. */
export interface Tracker {
  /** The name of the tracker in receipts. */
  readonly name: string;
  readonly find: (finding: string) => Promise<Ticket | undefined>;
  readonly create: (message: Message) => Promise<string>;
  /** Whether one of the ticket's comments holds the text. */
  readonly said: (ticket: Ticket, text: string) => Promise<boolean>;
  readonly comment: (ticket: Ticket, message: Message) => Promise<void>;
  readonly close: (ticket: Ticket) => Promise<void>;
  /** Asks something harmless that needs the same rights as far as reading goes. */
  readonly probe: () => Promise<void>;
}

export async function deliverTicket(message: Message, tracker: Tracker): Promise<Receipt> {
  try {
    return { status: 'delivered', detail: await tell(message, tracker) };
  } catch (error) {
    if (error instanceof Unanswered) return error.receipt;
    throw error;
  }
}

async function tell(message: Message, tracker: Tracker): Promise<string> {
  const [finding] = message.findings;
  if (finding === undefined) {
    await tracker.probe();
    return `${tracker.name} answers; a test opens no issue`;
  }
  const ticket = await tracker.find(finding.id);
  if (ticket === undefined) {
    if (message.kind === 'resolve') return `${finding.id} was put back before it had an issue`;
    return `${tracker.name} ${await tracker.create(message)} opened`;
  }
  // A repeat, or a message about what the issue says already.
  if (message.kind !== 'follow-up' && message.kind !== 'resolve') return `${tracker.name} ${ticket.key} is there already`;
  if (!(await tracker.said(ticket, message.id))) await tracker.comment(ticket, message);
  if (message.kind === 'resolve' && ticket.open) await tracker.close(ticket);
  return `${tracker.name} ${ticket.key} ${message.kind === 'resolve' ? 'closed' : 'commented'}`;
}

/** The tracker did not do as it was asked; what the sender says of it decides what becomes of the message. */
export class Unanswered extends Error {
  readonly receipt: Receipt;
  constructor(receipt: Receipt) {
    super(receipt.detail);
    this.name = 'Unanswered';
    this.receipt = receipt;
  }
}

export interface Api {
  readonly ask: (request: OutgoingRequest) => Promise<Answer>;
  /** With the path of the API, without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer as JSON; `{}` for one without a body. Throws `Unanswered`. */
export async function call<Said>(api: Api, method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object): Promise<Said> {
  const answer = await api.ask({
    url: `${api.base}${path}`,
    method,
    headers: api.headers,
    body: body === undefined ? '' : JSON.stringify(body),
  });
  if (answer.status !== 'delivered') {
    const { code, body: said, ...receipt } = answer;
    // GitHub says so with 403 when one asks too often.
    if (code === 403 && /rate limit/i.test(said)) throw new Unanswered({ ...receipt, status: 'retry', retryAfter: 60_000 });
    throw new Unanswered(receipt);
  }
  if (answer.body === '') return {} as Said;
  try {
    return JSON.parse(answer.body) as Said;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Unanswered({ status: 'retry', detail: `${new URL(api.base).hostname} answered something else than JSON` });
  }
}
