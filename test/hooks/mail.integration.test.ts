/** A real SMTP server takes what the mail outlet sends: STARTTLS, TLS, logins, refusals, and servers that hang. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, expect, it } from 'vitest';
import mail from '../../hooks/mail/index.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { certificate, deliverTo, fileFolder } from './receivers.ts';

let tls: { readonly key: string; readonly cert: string };
const closers: (() => void)[] = [];
const dir = fileFolder();
beforeAll(() => {
  tls = certificate(dir);
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function smtp(
  options: SMTPServerOptions = {},
): Promise<{ readonly port: number; readonly got: string[]; readonly secured: boolean[] }> {
  const got: string[] = [];
  const secured: boolean[] = [];
  const server = new SMTPServer({
    ...tls,
    authOptional: true,
    ...options,
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      stream.on('end', () => {
        got.push(text);
        secured.push(session.secure);
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, got, secured };
}

const to = (port: number, more: object = {}) => ({
  host: 'localhost',
  port,
  sender: 'drift@ops.example',
  to: ['a@ops.example', 'b@ops.example'],
  ca: tls.cert,
  ...more,
});

it.each([
  ['starttls', {}],
  ['tls', { secure: true }],
] as const)('%s: the mail arrives encrypted, with its headers, in text and HTML', async (security, options) => {
  const { port, got, secured } = await smtp(options);
  expect(await deliverTo(mail, to(port, { security }), messageOf())).toEqual({
    status: 'delivered',
    detail: 'localhost took it for 2 of 2 addresses',
  });
  expect(secured).toEqual([true]);
  const [text = ''] = got;
  for (const header of [
    /^From: drift@ops\.example\r$/m,
    /^To: a@ops\.example, b@ops\.example\r$/m,
    /^Subject: \[drifttrail\] HIGH: 1 change/m,
    /^Message-ID: <m-0123456789abcdef@ops\.example>\r$/m,
    /^In-Reply-To: <r-[0-9a-f]{20}@ops\.example>\r$/m,
    /^Auto-Submitted: auto-generated\r$/m,
    /^Precedence: bulk\r$/m,
    /^Content-Type: multipart\/alternative/m,
  ])
    expect(text).toMatch(header);
});

it('never talks to a server that it does not know, nor without TLS where TLS is wanted', async () => {
  const { port, got } = await smtp();
  expect(await deliverTo(mail, to(port, { ca: undefined }), messageOf())).toMatchObject({
    status: 'retry',
    detail: expect.stringMatching(/self.signed/i),
  });
  const plain = await smtp({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  expect((await deliverTo(mail, to(plain.port), messageOf())).status).not.toBe('delivered');
  expect([got, plain.got]).toEqual([[], []]);
  expect(await deliverTo(mail, to(plain.port, { security: 'none' }), messageOf())).toMatchObject({ status: 'delivered' });
  expect(plain.secured).toEqual([false]);
});

it('logs in; a wrong password is refused for good, and is not told', async () => {
  const options: SMTPServerOptions = {
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'u' && password === 'right-password' ? done(null, { user: 'u' }) : done(new Error('no such login')),
  };
  const { port, got } = await smtp(options);
  expect(await deliverTo(mail, to(port, { user: 'u', password: 'right-password' }), messageOf())).toMatchObject({ status: 'delivered' });
  const refused = await deliverTo(mail, to(port, { user: 'u', password: 'wrong-password' }), messageOf());
  expect(refused).toMatchObject({ status: 'rejected', detail: expect.stringContaining('EAUTH') });
  expect(refused.detail).not.toContain('wrong-password');
  expect(got).toHaveLength(1);
});

it.each([
  [450, 'retry'],
  [550, 'rejected'],
] as const)('takes %i for all addresses for %s', async (responseCode, status) => {
  const { port } = await smtp({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('not now'), { responseCode })) });
  expect(await deliverTo(mail, to(port), messageOf())).toMatchObject({ status, detail: expect.stringContaining('not now') });
});

it('names the addresses that the server refused when it took others', async () => {
  const { port } = await smtp({
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('b@') ? done(Object.assign(new Error('unknown'), { responseCode: 550 })) : done(),
  });
  expect(await deliverTo(mail, to(port), messageOf())).toEqual({
    status: 'delivered',
    detail: 'localhost took it for 1 of 2 addresses; it refused b@ops.example',
  });
});

it('sends the nastiest message as mails that hold one set of headers each', async () => {
  const { port, got } = await smtp();
  const undo = Array.from({ length: 5 }, () => `x ${'y'.repeat(990)}`);
  const bad = nastiest();
  const findings = [...bad.findings, ...Array.from({ length: 25 }, () => findingOf({ undo }))];
  expect(await deliverTo(mail, to(port), { ...bad, findings })).toMatchObject({ status: 'delivered' });
  expect(got.length).toBeGreaterThan(1);
  for (const text of got) {
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    expect(head.match(/^Subject:/gm)).toHaveLength(1);
    expect(head).not.toMatch(/^(?:Bcc|Drifttrail-Run):/im);
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  }
});

it('gives up on a server that never greets, in its time', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  closers.push(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const begun = performance.now();
  expect(await deliverTo(mail, to(port), messageOf(), 1500)).toMatchObject({ status: 'retry' });
  expect(performance.now() - begun).toBeLessThan(5000);
});
