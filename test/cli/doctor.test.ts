import { appendFileSync, chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testMessage } from '../../src/notify/message.ts';
import { openOutbox } from '../../src/notify/outbox.ts';
import { checkWritable } from '../../src/cli/doctor-writable.ts';
import { cli, deployment } from './run.ts';

interface Checked {
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string; readonly fix?: string }[];
}

/** An STS that knows one access key; other sessions have expired. Its event history is empty. */
async function sts(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.headers['x-amz-target'] !== undefined) return response.end('{}'); // the event history
    const known = (request.headers.authorization ?? '').includes('AKIAKNOWN');
    response.writeHead(known ? 200 : 403, { 'content-type': 'text/xml' });
    response.end(
      known
        ? '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/reader</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
        : '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

test('says of a database of countries that it cannot be read, and what to do', async () => {
  const { dir } = await deployment({});
  appendFileSync(join(dir, 'drifttrail.yaml'), 'countries: missing.mmdb\n');
  const { code, stdout } = await cli(['--dir', dir, 'doctor', '--offline', '--json']);
  expect((JSON.parse(stdout) as Checked).checks.find(({ name }) => name === 'countries')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('ENOENT'),
    fix: expect.stringContaining('GeoLite2-Country.mmdb'),
  });
  expect(code).toBe(1);
});

test('says of every AWS account who we are there, or what is in the way', async () => {
  const { dir } = await deployment({});
  const endpoint = await sts();
  appendFileSync(
    join(dir, 'drifttrail.yaml'),
    `  - { use: aws, endpoint: "${endpoint}", regions: [eu-west-1], accounts: [{}, { profile: old }] }\n`,
  );
  const credentials = join(dir, 'credentials');
  writeFileSync(
    credentials,
    ['default', 'old']
      .map((name) => `[${name}]\naws_access_key_id = AKIA${name === 'old' ? 'OLD' : 'KNOWN'}\naws_secret_access_key = x\n`)
      .join(''),
  );
  const env = { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  const { code, stdout } = await cli(['--dir', dir, 'doctor', '--json'], { env });
  const { checks } = JSON.parse(stdout) as Checked;
  expect(checks.find(({ name }) => name === 'aws default')).toEqual({
    name: 'aws default',
    status: 'ok',
    detail: 'arn:aws:iam::111122223333:user/reader',
  });
  expect(checks.find(({ name }) => name === 'aws old')).toMatchObject({
    status: 'warn',
    detail: expect.stringMatching(/^ExpiredToken: sts:GetCallerIdentity.*the credentials have expired; renew them/),
  });
  // Others than AWS can still be read.
  expect(code).toBe(0);
});

test('messages that wait for an outlet which no hook is called are told of', async () => {
  const { dir } = await deployment({});
  appendFileSync(join(dir, 'drifttrail.yaml'), 'hooks:\n  - { use: exec, command: [/bin/true] }\n');
  const outbox = openOutbox(join(dir, 'state/outbox'), { now: () => new Date('2026-01-14T12:00:00Z') });
  for (const outlet of ['exec', '1-exec']) await outbox.add(outlet, testMessage('2026-01-14T12:00:00Z'));
  const { stdout } = await cli(['--dir', dir, 'doctor', '--offline', '--json']);
  const told = (JSON.parse(stdout) as Checked).checks.filter(({ name }) => name === 'outbox');
  expect(told).toEqual([
    {
      name: 'outbox',
      status: 'warn',
      detail: '1 message waits for the outlet 1-exec, which no hook is called',
      fix: `rename ${join(dir, 'state/outbox/1-exec')} to the outlet that shall tell it, or remove it`,
    },
  ]);
});

test('a message that was given up: the hook is named as `hooks test` knows it', async () => {
  const { dir } = await deployment({});
  appendFileSync(join(dir, 'drifttrail.yaml'), 'hooks:\n  - { use: exec, command: [/bin/false] }\n');
  const outbox = openOutbox(join(dir, 'state/outbox'), { now: () => new Date('2026-01-14T12:00:00Z') });
  for (const outlet of ['exec', 'slack']) await outbox.add(outlet, testMessage('2026-01-14T12:00:00Z'));
  const refuse = async () => ({ status: 'rejected' as const, detail: 'no such channel' });
  await outbox.deliver({ exec: refuse, slack: refuse });
  const { stdout } = await cli(['--dir', dir, 'doctor', '--offline', '--json']);
  const fixes = (JSON.parse(stdout) as Checked).checks.filter(({ name }) => name === 'outbox').map(({ fix }) => fix);
  expect(fixes).toEqual([
    `mend the hook, try: drifttrail hooks test exec; then send it again: drifttrail hooks retry exec, or remove ${join(dir, 'state/outbox/exec/dead')}`,
    `the hook is configured no more: remove ${join(dir, 'state/outbox/slack/dead')}`,
  ]);
  const tried = await cli(['--dir', dir, 'hooks', 'test', 'exec']);
  expect([tried.code, tried.stdout]).toEqual([1, expect.stringMatching(/^exec: (rejected|retry): /)]);
});

test('a hook is tried by the name that doctor tells, or with all of its use', async () => {
  const { dir } = await deployment({});
  const hook = (name: string, command: string) => `  - { use: exec, name: ${name}, command: [${command}] }\n`;
  appendFileSync(join(dir, 'drifttrail.yaml'), `hooks:\n${hook('pager', '/bin/true')}${hook('wall', '/bin/false')}`);
  const test = (...args: string[]) => cli(['--dir', dir, 'hooks', 'test', ...args]);
  expect(await test('pager')).toMatchObject({ code: 0, stdout: 'pager: delivered: exit 0\n' });
  const both = await test('exec', '--json');
  expect(both.code).toBe(1);
  expect((JSON.parse(both.stdout) as { receipts: object[] }).receipts).toMatchObject([
    { hook: 'pager', use: 'exec', status: 'delivered' },
    { hook: 'wall', use: 'exec', status: 'rejected' },
  ]);
  expect(await test('pagr')).toMatchObject({ code: 1, stderr: expect.stringContaining('did you mean "pager"?') });
  expect(await cli(['--dir', dir, 'hooks', 'retry', 'wall'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('0 to send again'),
  });
});

test('entries of the configuration that fit nothing are told with their place and what to do', async () => {
  const { dir } = await deployment({});
  const written = `ignore:
  - { kind: host.pakage, reason: x }
  - { kind: host.file, until: 2020-01-01, reason: x }
  - { scope: host/web01, reason: x }
  - { scope: hosts, reason: x }
  - { kind: "host.pack*", scope: "hosts/**", reason: x }
hooks:
  - use: exec
    command: [/bin/true]
    only: [{ kind: hosts }, { kind: host }, { kind: s3 }, { scope: hosts }]
    except: [{ kind: "host.pack*" }, { scope: aws/1 }]
`;
  appendFileSync(join(dir, 'drifttrail.yaml'), written);
  const { code, stdout } = await cli(['--dir', dir, 'doctor', '--offline', '--json']);
  const told = (JSON.parse(stdout) as Checked).checks.filter(({ name, status }) => name === 'configuration' && status === 'warn');
  const fits = (text: string) => `${text}: the entry fits nothing`;
  expect(told.map(({ detail, fix }) => [detail.slice(dir.length + 1), fix])).toEqual([
    [`drifttrail.yaml:7:13: ${fits('no exporter of this deployment has a kind host.pakage')}`, 'did you mean "host.package"?'],
    ['drifttrail.yaml:8:31: the entry held until 2020-01-01 and holds no more', 'write a later day, or remove the entry'],
    [`drifttrail.yaml:9:14: ${fits('no exporter of this deployment reads the scope host/web01')}`, 'did you mean "hosts"?'],
    [`drifttrail.yaml:10:14: ${fits('the scope hosts has 1 word, and those of hosts/ have 2')}`, 'write hosts/* for all of them'],
    [`drifttrail.yaml:15:20: ${fits('no exporter of this deployment has a kind hosts')}`, 'did you mean "host"?'],
    [`drifttrail.yaml:16:22: ${fits('no exporter of this deployment has a kind host.pack*')}`, 'did you mean "host.package"?'],
    [`drifttrail.yaml:16:47: ${fits('no exporter of this deployment reads the scope aws/1')}`, expect.stringContaining('hosts')],
  ]);
  expect(code).toBe(0);
});

test('where a run may not write is told once for all below it, with what to do; a deployment that may be written is well', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);
  const refuse = (code: string, below: string) =>
    checkWritable(dir, (path) => {
      if (`${path}/`.startsWith(`${join(dir, below)}/`)) throw Object.assign(new Error(code), { code });
    });
  expect(refuse('EROFS', '')).toEqual(
    ['state', 'snapshots'].map((name) => ({
      name: 'writable',
      status: 'fail',
      detail: `${join(dir, name)} cannot be written: EROFS`,
      fix: expect.stringContaining('mounted read-only'),
    })),
  );
  expect(refuse('EACCES', 'snapshots/.git/objects')).toMatchObject([
    { detail: expect.stringContaining('/snapshots/.git/objects cannot'), fix: expect.stringContaining(`chown -R ${process.getuid?.()} `) },
  ]);
  expect(refuse('ENOSPC', 'state')).toMatchObject([{ fix: `make space: df -h ${join(dir, 'state')}` }]);
  expect(checkWritable(dir)).toEqual([{ name: 'writable', status: 'ok', detail: 'state, snapshots' }]);
  expect(readdirSync(join(dir, 'state')).filter((name) => name.startsWith('doctor'))).toEqual([]);

  // Permissions stop nobody who is root.
  if (process.getuid?.() === 0) return;
  for (const [mode, code] of [
    [0o500, 1],
    [0o700, 0],
  ] as const) {
    chmodSync(join(dir, 'state'), mode);
    expect((await cli(['--dir', dir, 'doctor', '--offline'])).code).toBe(code);
  }
});
