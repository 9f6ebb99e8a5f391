import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind, Ref } from '../../src/model.ts';
import { createLayout } from '../../src/store/layout.ts';
import { amount } from './repository.ts';

const kind = (more: Partial<Kind> = {}): Kind => ({ format: 'json', title: 'thing', ...more });
const exporters = [
  { name: 'aws', scopes: { root: 'aws', depth: 3 }, kinds: { 'aws.ec2.route-table': kind(), 'aws.iam.user': kind() } },
  {
    name: 'host',
    scopes: { root: 'hosts', depth: 2 },
    kinds: {
      'host.file': kind({ format: 'text', location: { type: 'tree', folder: 'files' } }),
      'host.packages': kind({ location: { type: 'file', file: 'facts/packages.json' } }),
    },
  },
  { name: 'kubernetes', scopes: { root: 'kubernetes', depth: 3 }, kinds: { 'kubernetes.apps.Deployment': kind({ format: 'yaml' }) } },
];
const layout = createLayout(exporters);

const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
/** What every file system takes, and git on Windows and macOS too. */
function isPortable(segment: string): boolean {
  return (
    /^[A-Za-z0-9._@=+,%-]+$/.test(segment) &&
    segment.length <= 200 &&
    !/^\.git/i.test(segment) &&
    !/\.$/.test(segment) &&
    !RESERVED.test(segment) &&
    segment !== '..' &&
    !segment.startsWith('-')
  );
}

const nasty = [
  '',
  '.',
  '..',
  '...',
  '.git',
  '.GIT',
  '.gitignore',
  '.gitattributes',
  'git~1',
  'CON',
  'con.txt',
  'nul',
  'COM1.json',
  'a.',
  'a ',
  ' ',
  '-rf',
  '--exec=x',
  'a\nb',
  'a\0b',
  'a\\b',
  'A',
  'a',
  'é',
  'é',
  '\ud800',
  '\udc00x',
  '%41',
  '%u8',
  'a%u8',
  '%_',
  '%+',
  'x%+',
  'İ',
  'K',
  'ſ',
  '\u202e',
  '日本',
  '🙂',
  'x'.repeat(199),
  'x'.repeat(200),
  'X'.repeat(300),
  'é'.repeat(150),
  `${'y'.repeat(195)}.`,
  `-${'z'.repeat(400)}`,
  `CON.${'q'.repeat(300)}`,
  'Drifttrail-Run: 1',
  '$(touch x)',
  '`x`',
];
const piece = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '.', '%', 'u', '8', '+', '_', '/', 'g', 'i', 't', '\ud83d', '\udc00', ' '), maxLength: 300 }),
  fc.string({ maxLength: 8 }),
);
const id = fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const scoped =
  (...start: string[]) =>
  (name: string) =>
    [...start, name.replaceAll('/', '')].join('/');
const ref: fc.Arbitrary<Ref> = fc.oneof(
  fc.record({ scope: piece.map(scoped('aws', '123456789012')), kind: fc.constantFrom('aws.ec2.route-table', 'aws.iam.user'), id }),
  fc.record({ scope: piece.map(scoped('hosts')), kind: fc.constant('host.file'), id }),
  fc.record({ scope: piece.map(scoped('kubernetes', 'prod')), kind: fc.constant('kubernetes.apps.Deployment'), id }),
);
const fold = (text: string) => text.normalize('NFC').toLowerCase();

describe('layout', () => {
  it('keeps plain identities readable', () => {
    expect(layout.pathOf({ scope: 'aws/123456789012/eu-west-1', kind: 'aws.ec2.route-table', id: 'rtb-0a1' })).toBe(
      'aws/123456789012/eu-west-1/ec2.route-table/rtb-0a1.json',
    );
    expect(layout.pathOf({ scope: 'hosts/web01', kind: 'host.file', id: 'etc/ssh/sshd_config' })).toBe(
      'hosts/web01/files/etc/ssh/sshd_config',
    );
    expect(layout.pathOf({ scope: 'hosts/web01', kind: 'host.packages', id: 'packages' })).toBe('hosts/web01/facts/packages.json');
    expect(layout.pathOf({ scope: 'kubernetes/prod/default', kind: 'kubernetes.apps.Deployment', id: 'web' })).toBe(
      'kubernetes/prod/default/apps.Deployment/web.yaml',
    );
    expect(layout.pathOf({ scope: 'aws/1/global', kind: 'aws.iam.user', id: 'DevOps' })).toBe('aws/1/global/iam.user/DevOps%u9.json');
    expect(layout.coveragePath('aws', 'aws/1/eu-west-1')).toBe('coverage/aws/aws/1/eu-west-1.json');
    expect(layout.coverageFor('aws/1/eu-west-1')).toEqual(['coverage/aws/aws/1/eu-west-1.json']);
    expect(layout.coverageFor('unknown/1')).toEqual([]);
  });

  it('is one to one, portable and inside the root for any identity (S1)', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(ref, (one) => {
        const path = layout.pathOf(one);
        expect(layout.refOf(path)).toEqual(one);
        expect(path.split('/').filter((segment) => !isPortable(segment))).toEqual([]);
        const key = JSON.stringify(one);
        expect(seen.get(fold(path)) ?? key).toBe(key);
        seen.set(fold(path), key);
      }),
      { numRuns: amount(3000, 100_000) },
    );
  });

  it('tells nasty twins apart', () => {
    const paths = nasty.map((name) => fold(layout.pathOf({ scope: 'hosts/web01', kind: 'host.file', id: name })));
    expect(new Set(paths).size).toBe(new Set(nasty).size);
  });

  it('takes no other spelling of a path for a resource', () => {
    for (const path of [
      'aws/1/eu/ec2.route-table/%61.json',
      'aws/1/eu/ec2.route-table/A.json',
      'aws/1/eu/ec2.route-table/a%u0.json',
      'aws/1/eu/ec2.route-table/a',
      'aws/1/eu/ec2.route-table/a/b.json',
      'aws/1/eu/other/a.json',
      'README.md',
      'coverage/aws/aws/1/eu.json',
      'aws/1',
      '',
    ]) {
      expect(layout.refOf(path), path).toBeUndefined();
    }
  });

  it('reads coverage paths back', () => {
    expect(layout.coverageOf(layout.coveragePath('aws', 'aws/1/EU'))).toEqual({ exporter: 'aws', scope: 'aws/1/EU' });
    expect(layout.coverageOf('coverage/aws/README.md')).toBeUndefined();
  });

  it('refuses kinds that would share a folder, and ids that no path can carry', () => {
    const twin = { name: 'other', scopes: { root: 'aws', depth: 3 }, kinds: { 'other.ec2.Route-Table': kind() } };
    expect(() => createLayout([...exporters, twin])).toThrow(expect.objectContaining({ code: 'layout-invalid' }));
    expect(() => layout.pathOf({ scope: 'hosts/a', kind: 'host.file', id: 'x'.repeat(5000) })).toThrow(
      expect.objectContaining({ code: 'id-too-long' }),
    );
    expect(() => layout.pathOf({ scope: 'aws/1', kind: 'aws.iam.user', id: 'x' })).toThrow(
      expect.objectContaining({ code: 'scope-invalid' }),
    );
  });
});

describe('kinds that are not known beforehand', () => {
  const wild = createLayout([
    {
      name: 'kubernetes',
      scopes: { root: 'kubernetes', depth: 3 },
      kinds: { 'kubernetes.apps.Deployment': kind({ format: 'yaml' }), 'kubernetes.*': kind({ format: 'yaml', title: 'resource' }) },
    },
  ]);
  const certificate: Ref = { scope: 'kubernetes/prod/default', kind: 'kubernetes.cert-manager.io.Certificate', id: 'web' };

  it('have a folder of their name, and are found again by it', () => {
    const path = wild.pathOf(certificate);
    expect(path).toBe('kubernetes/prod/default/cert-manager.io.Certificate/web.yaml');
    expect(wild.refOf(path)).toEqual(certificate);
    expect(wild.kindOf(certificate.kind)?.title).toBe('resource');
    expect(createLayout(exporters).refOf(path)).toBeUndefined();
  });

  it('leave kinds that are named as they are', () => {
    const deployment: Ref = { scope: 'kubernetes/prod/default', kind: 'kubernetes.apps.Deployment', id: 'web' };
    expect(wild.refOf(wild.pathOf(deployment))).toEqual(deployment);
    expect(wild.kindOf(deployment.kind)?.title).toBe('thing');
  });

  it('are not read into what no kind can be called', () => {
    for (const folder of ['con', '.git', 'a%2fb', '0day', 'nul.x'])
      expect(wild.refOf(`kubernetes/prod/default/${folder}/web.yaml`)).toBeUndefined();
    expect(() => wild.pathOf({ ...certificate, kind: 'kubernetes.../x' })).toThrow('cannot stand in a folder');
    expect(() => wild.pathOf({ ...certificate, kind: 'other.apps.Deployment' })).toThrow('no exporter has the kind');
  });

  it('are told from their path one to one', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.stringMatching(/^[A-Z][A-Za-z]{2,15}$/), word, (groups, name, id) => {
        const ref: Ref = { scope: 'kubernetes/prod/_cluster', kind: `kubernetes.${groups.join('.')}.${name}`, id };
        fc.pre(!/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/.test(groups[0] ?? ''));
        expect(wild.refOf(wild.pathOf(ref))).toEqual(ref);
      }),
    );
  });
});
