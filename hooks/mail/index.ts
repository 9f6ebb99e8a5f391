/** Mail over SMTP: text and HTML, the mails about one resource in one thread. */
import type { Hook, Receipt } from 'drifttrail';
import { createTransport, type NodemailerError } from 'nodemailer';
import { z } from 'zod';
import { encode } from './encode.ts';

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

const LATER = 400; // SMTP replies of 4xx ask to try again, those of 5xx not to

const mail = {
  name: 'mail',
  summary: 'sends mail over SMTP',
  options,
  deliver: async (message, signal, context): Promise<Receipt> => {
    const { host, security, user, password, sender, to, prefix, ca, port = security === 'tls' ? 465 : 587 } = context.options;
    const refused = new Set<string>();
    for (const part of encode(message, prefix, sender.slice(sender.lastIndexOf('@') + 1))) {
      const connection = await context.connect({ host, port, ...(security === 'none' ? {} : { upgrades: true }) });
      const stop = () => connection.destroy();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const { references, ...rest } = part;
        const { rejected = [] } = await createTransport({
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
          date: context.now(),
        });
        for (const address of rejected) refused.add(String(address));
      } catch (error) {
        return failed(error, host);
      } finally {
        signal.removeEventListener('abort', stop);
        connection.destroy();
      }
    }
    const left = refused.size === 0 ? '' : `; it refused ${[...refused].join(', ')}`;
    return { status: 'delivered', detail: `${host} took it for ${to.length - refused.size} of ${to.length} addresses${left}` };
  },
} satisfies Hook<z.infer<typeof options>>;

/** The server's own words, without the secrets that the caller removes. */
function failed(error: unknown, host: string): Receipt {
  const { code = 'failed', responseCode, response, message = '' } = error as Partial<NodemailerError>;
  const said = typeof response === 'string' && response !== '' ? response : message;
  const detail = `${host}: ${code}: ${said}`.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE')
    return { status: responseCode !== undefined && responseCode >= LATER && responseCode < 500 ? 'retry' : 'rejected', detail };
  return { status: responseCode !== undefined && responseCode >= 500 ? 'rejected' : 'retry', detail };
}

export default mail;
