import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/normalize/redact.ts';
import { ALNUM, chars, HEX, KNOWN, type Planted, plant, randomOf, UNSEEN } from './planted.ts';

const redactor = createRedactor(Buffer.alloc(32, 7));
const MARKER = /«redacted:hmac-sha256:[0-9a-f]{12}»/;

/** Also what base64 in the text says. */
function readable(text: string): string {
  return `${text}\n${[...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map(([found]) => Buffer.from(found, 'base64').toString()).join('\n')}`;
}

function leaks(planted: Planted): string[] {
  const after = readable(redactor.text(planted.text, planted.hint));
  return planted.secrets.filter((secret) => after.includes(secret));
}

describe('planted secrets', () => {
  it.each(plant(KNOWN, 1).map((planted) => [planted.name, planted] as const))('hides %s', (_name, planted) => {
    expect(leaks(planted)).toEqual([]);
    expect(readable(redactor.text(planted.text, planted.hint))).toMatch(MARKER);
  });

  it('hides them whatever the secret is, and twice is as once', () => {
    expect(Object.keys(KNOWN).length).toBeGreaterThanOrEqual(60);
    const missed: string[] = [];
    for (let seed = 2; seed < 30; seed++) {
      for (const planted of plant(KNOWN, seed)) {
        if (leaks(planted).length > 0) missed.push(`${planted.name} (seed ${seed})`);
        const once = redactor.text(planted.text, planted.hint);
        expect(redactor.text(once, planted.hint), planted.name).toBe(once);
      }
    }
    expect(missed).toEqual([]);
  });

  it('hides at least 95 % of forms that nobody thought of', () => {
    const all = [3, 4, 5, 6, 7].flatMap((seed) => plant(UNSEEN, seed));
    const missed = all.filter((planted) => leaks(planted).length > 0).map((planted) => planted.name);
    expect(missed.length / all.length, [...new Set(missed)].join(', ')).toBeLessThanOrEqual(0.05);
  });

  it('hides them in the values of data too, whatever the field is called', () => {
    const missed: string[] = [];
    for (let seed = 40; seed < 50; seed++) {
      for (const planted of plant(KNOWN, seed)) {
        if (planted.hint !== undefined) continue;
        const after = redactor.json({ description: planted.text, tags: [planted.text] }, []) as { description: string; tags: string[] };
        const text = readable(`${after.description}\n${after.tags[0]}`);
        if (planted.secrets.some((secret) => text.includes(secret))) missed.push(planted.name);
      }
    }
    expect([...new Set(missed)]).toEqual([]);
  });

  it('keeps what stands around a secret', () => {
    expect(redactor.text('[db]\nuser = app\npassword = hunter2x # old\nport = 1\n')).toMatch(
      /^\[db\]\nuser = app\npassword = «redacted:hmac-sha256:[0-9a-f]{12}» # old\nport = 1\n$/,
    );
    expect(redactor.text('postgres://app:hunter2x@db:5432/x')).toMatch(/^postgres:\/\/app:«redacted:hmac-sha256:[0-9a-f]{12}»@db:5432\/x$/);
  });

  it('shows a rotation and hides which key made the marker', () => {
    const [one, other] = [redactor.text('password=hunter2x'), redactor.text('password=hunter3x')];
    expect(one).not.toBe(other);
    expect(redactor.text('password=hunter2x')).toBe(one);
    expect(createRedactor(Buffer.alloc(32, 8)).text('password=hunter2x')).not.toBe(one);
  });
});

describe('clean values', () => {
  const random = randomOf(99);
  const hex = (length: number) => chars(random, length, HEX);
  const clean = [
    ...Array.from({ length: 300 }, () => [
      `vpc-${hex(17)}`,
      `sgr-${hex(17)}`,
      `arn:aws:iam::123456789012:role/service-role/Admin-${chars(random, 8)}`,
      `arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-${chars(random, 6)}`,
      `arn:aws:kms:eu-west-1:123456789012:key/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
      `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
      `sha256:${hex(64)}`,
      hex(40),
      `AKIA${chars(random, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      `AROA${chars(random, 17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${chars(random, 43)} joe@example`,
      `i-${hex(17)}.eu-west-1.compute.internal`,
      `E${chars(random, 13, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`,
      `my-app-${chars(random, 6)}-20260114`,
      chars(random, 10, ALNUM),
    ]).flat(),
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEbaJ4\nABCDEF0123456789+/abcd==\n-----END CERTIFICATE-----',
    'PasswordAuthentication no',
    'password_encryption=md5',
    'password_encryption = scram-sha-256',
    'token_ttl = 3600',
    'PermitRootLogin prohibit-password',
    'secret_name: prod/db',
    'ssl_certificate_key /etc/ssl/private/x.key;',
    'ssl_key_file = /etc/ssl/private/x.key',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's reference
    'password: ${DB_PASSWORD}',
    'password: {{ vault_password }}',
    'tokenEndpoint: https://login.example.com/oauth2/token',
    'passwd:         files systemd',
    'password [success=1 default=ignore] pam_unix.so obscure yescrypt',
    'http://example.com:8080/~joe@home/',
    'key_buffer_size = 16M',
    'PRIMARY KEY (id)',
    'git@github.com:org/repo.git',
    'monkey = banana',
    'keyboard-layout: de',
    'Signed-By: /usr/share/keyrings/x.gpg',
    'max_tokens = 4096',
    '{"KeyName":"prod-key","KeyId":"1234"}',
    'auth required pam_env.so',
  ];

  it('stay as they are', () => {
    const touched = clean.filter((value) => redactor.text(value) !== value);
    expect(touched.slice(0, 10), `${touched.length} of ${clean.length}`).toEqual([]);
  });

  it('stay in documents of AWS', () => {
    const document = {
      arn: 'arn:aws:iam::123456789012:user/alice',
      accessKeys: { AKIAIOSFODNN7EXAMPLE: { status: 'Active', createDate: '2026-01-01T00:00:00Z' } },
      passwordPolicy: { minimumPasswordLength: 14, requireSymbols: true, passwordReusePrevention: 24 },
      summary: { AccountAccessKeysPresent: 0, MFADevices: 3 },
      loginProfile: { createDate: '2026-01-01T00:00:00Z', passwordResetRequired: false },
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 },
      keyName: 'prod-key',
      kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/0ab1',
      tags: { Name: 'token-service', 'cost-key': 'x42', team: 'secrets' },
      secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf',
    };
    expect(redactor.json(document, [])).toBe(document);
  });

  it('whatever the text, redacting twice is as once and never throws', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'password',
        'token',
        '=',
        ': ',
        '"',
        "'",
        '\n',
        ' ',
        'secret',
        'key',
        '://',
        '@',
        ':',
        'x:y',
        '-----BEGIN RSA PRIVATE KEY-----',
        'kind: Secret\n',
        'data:\n',
        '  ',
        '|',
        '<password>',
        '</password>',
        'AKIAIOSFODNN7EXAMPLE',
        '$6$abcdefgh$ijklmnop',
        '«redacted:hmac-sha256:0123456789ab»',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        const once = redactor.text(words.join(''), 'etc/x');
        expect(redactor.text(once, 'etc/x')).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});
