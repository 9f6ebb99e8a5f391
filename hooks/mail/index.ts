/** Mail over SMTP: text and HTML, the mails about one resource in one thread. */
import type { Hook, HookContext, Message, Receipt } from 'drifttrail';
import { createTransport, type NodemailerError } from 'nodemailer';
import { z } from 'zod';
import { encode, type Mail } from './encode.ts';

const options = z
  .strictObject({
    host: z.string().min(1).describe('the mail server'),
    port: z.int().min(1).max(65_535).optional().describe('default 587, with `security: tls` 465'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('starttls: the connection must become TLS; tls: it is from the start; none: plain text, needs allowPrivate'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).meta({ secret: true, description: 'as env:NAME or file:PATH' }).optional(),
    sender: z.email().describe('the address it comes from'),
    to: z.array(z.email()).min(1).max(50),
    prefix: z.string().max(60).default('[drifttrail]').describe('how every subject begins'),
    ca: z.string().min(1).optional().describe('PEM of your own certificate authority, as file:PATH'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), 'needs both user and password, or neither');

type Options = z.infer<typeof options>;

/** What earlier tries have settled, so that nobody gets a second copy. */
const progress = z.object({
  took: z.array(z.array(z.string())).describe('of each mail of the message, who has it'),
  refused: z.array(z.string()).describe('whom the server refused for good'),
});

const LATER = 400; // SMTP replies of 4xx ask to try again, those of 5xx not to

const mail = {
  name: 'mail',
  summary: 'sends mail over SMTP',
  options,
  deliver,
} satisfies Hook<Options>;

async function deliver(message: Message, signal: AbortSignal, context: HookContext<Options>): Promise<Receipt> {
  const { host, sender, prefix } = context.options;
  const to = [...new Set(context.options.to)];
  const before = progress.safeParse(context.rest).data;
  const refused = new Set(before?.refused.filter((address) => to.includes(address)));
  const later = new Map<string, string>();
  const parts = encode(message, prefix, sender.slice(sender.lastIndexOf('@') + 1)).map((part, index) => ({
    part,
    took: new Set(before?.took[index]),
  }));
  const rest = (known: Iterable<string> = refused) =>
    parts.some(({ took }) => took.size > 0) ? { rest: { took: parts.map(({ took }) => [...took]), refused: [...known] } } : {};
  let last = '';
  for (const { part, took } of parts) {
    // Who is put off gets the later mails of the message after the earlier ones.
    const wanted = to.filter((address) => !took.has(address) && !refused.has(address) && !later.has(address));
    if (wanted.length === 0) continue;
    try {
      for (const error of await send(part, wanted, signal, context)) {
        const address = wanted.find((one) => one.toLowerCase() === error.recipient?.toLowerCase());
        if (address === undefined) continue;
        last = saidOf(error);
        if (asksForLater(error)) later.set(address, last);
        else refused.add(address);
      }
    } catch (error) {
      return { ...failed(error as Partial<NodemailerError>, host), ...rest() };
    }
    for (const address of wanted) if (!refused.has(address) && !later.has(address)) took.add(address);
  }
  const left = [
    `${host} took it for ${to.length - refused.size - later.size} of ${to.length} addresses`,
    ...(refused.size === 0 ? [] : [`it refused ${[...refused].join(', ')}`]),
    ...[...later].map(([address, said]) => `it put off ${address}: ${said}`),
  ];
  const detail = left.join('; ');
  if (later.size > 0) return { status: 'retry', detail, ...rest() };
  // Sent again by hand, it is tried for all that do not have it.
  if (refused.size === to.length) return { status: 'rejected', detail: `${detail}: ${last}`, ...rest([]) };
  return { status: 'delivered', detail };
}

/** What the server said of those that it did not take it for. Throws what kept it from all of them alike. */
async function send(part: Mail, wanted: string[], signal: AbortSignal, context: HookContext<Options>): Promise<NodemailerError[]> {
  const { host, security, user, password, sender, to, ca, port = security === 'tls' ? 465 : 587 } = context.options;
  const connection = await context.connect({ host, port, ...(security === 'none' ? {} : { upgrades: true }) });
  const stop = () => connection.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { references, ...rest } = part;
    const { rejectedErrors = [] } = await createTransport({
      host,
      port,
      connection,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      greetingTimeout: 10_000,
      socketTimeout: 10_000,
      disableFileAccess: true,
      disableUrlAccess: true,
      tls: { ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' },
      ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    }).sendMail({
      ...rest,
      ...(references === undefined ? {} : { references: [...references] }),
      from: sender,
      to,
      // The mail names all of them, whoever still lacks it.
      envelope: { from: sender, to: wanted },
      date: context.now(),
    });
    return rejectedErrors;
  } catch (error) {
    const { rejectedErrors = [] } = error as Partial<NodemailerError>;
    if (rejectedErrors.length < wanted.length) throw error;
    return rejectedErrors;
  } finally {
    signal.removeEventListener('abort', stop);
    connection.destroy();
  }
}

/** The server's own words, without the secrets that the caller removes. */
function saidOf({ response, message = '' }: Partial<NodemailerError>): string {
  return (typeof response === 'string' && response !== '' ? response : message).replaceAll(/\s+/g, ' ').slice(0, 300);
}

function asksForLater({ responseCode }: Partial<NodemailerError>): boolean {
  return responseCode !== undefined && responseCode >= LATER && responseCode < 500;
}

function failed(error: Partial<NodemailerError>, host: string): Receipt {
  const { code = 'failed', responseCode } = error;
  const detail = `${host}: ${code}: ${saidOf(error)}`;
  if (code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE')
    return { status: asksForLater(error) ? 'retry' : 'rejected', detail };
  return { status: responseCode !== undefined && responseCode >= 500 ? 'rejected' : 'retry', detail };
}

export default mail;
