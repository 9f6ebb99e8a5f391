/** One ticket a finding, whatever the tracker: found again by the finding's id, commented when it changes, closed when put back. */
import { type Answer, cut, type Message, neutraliseLine, type OutgoingRequest, type Receipt } from 'drifttrail';
import { z } from 'zod';

/** Of an answer that is not looked at. */
export const ANYTHING = z.unknown();

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

/** The answer as JSON, `{}` for one without a body, when it has the shape that is expected of it. Throws `Unanswered`. */
export async function call<Said>(
  api: Api,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  shape: z.ZodType<Said>,
  body?: object,
): Promise<Said> {
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
  const said = shape.safeParse(parsed(answer.body, api));
  if (said.success) return said.data;
  // A proxy, or another product at this address.
  const where = said.error.issues[0]?.path.map(String).join('.') ?? '';
  throw unexpected(api, `something unexpected${where === '' ? '' : ` at ${cut(neutraliseLine(where), 60)}`}`);
}

function parsed(body: string, api: Api): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unexpected(api, 'something else than JSON');
  }
}

function unexpected({ base }: Api, what: string): Unanswered {
  return new Unanswered({ status: 'retry', detail: `${new URL(base).hostname} answered ${what}` });
}
