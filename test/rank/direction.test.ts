import { describe, expect, test } from 'vitest';
import { directionOf } from '../../src/rank/direction.ts';
import { settings } from '../../src/rank/settings.ts';

const turned = (request: unknown) => {
  const { opens, weakens, strengthens } = directionOf(settings(request));
  return opens.length > 0 ? 'opens' : weakens.length > 0 ? 'weakens' : strengthens.length > 0 ? 'strengthens' : 'neither';
};

describe('directionOf', () => {
  test.each<[string, unknown, string]>([
    ['a public switch', { publiclyAccessible: true }, 'opens'],
    ['a public switch off', { publiclyAccessible: false }, 'strengthens'],
    ['what is refused to the public', { blockPublicPolicy: false }, 'weakens'],
    ['what is refused to the public, on', { restrictPublicBuckets: true }, 'strengthens'],
    ['nobody is asked who they are', { authType: 'NONE' }, 'opens'],
    ['a word for everybody', { accessRules: { getObject: 'public' } }, 'opens'],
    ['a name that happens to be one', { groupName: 'public' }, 'neither'],
    ['the whole internet let in', { permissions: [{ ipRange: '0.0.0.0/0', fromPort: 3389 }] }, 'opens'],
    ['the whole internet refused', { rule: { action: 'deny', cidr: '0.0.0.0/0' } }, 'strengthens'],
    ['the way out', { destinationCidrBlock: '0.0.0.0/0' }, 'neither'],
    ['a log named further up', { loggingConfig: { textDataDeliveryEnabled: false } }, 'weakens'],
    ['a catalogue is no log', { catalogs: { enabled: false } }, 'neither'],
    ['a check that is skipped', { skipFinalBackup: true }, 'weakens'],
    ['a check that is not skipped is none', { skipFinalBackup: false }, 'neither'],
    ['a protection switched off by its own name', { disableLogging: true }, 'weakens'],
    ['a protection whose name says disable', { disableApiTermination: { value: false } }, 'weakens'],
    ['a check that only warns', { policies: { untrustedArtifact: 'Warn' } }, 'weakens'],
    ['a part left out of a scan', { scanCriteria: { exclude: { key: 'team' } } }, 'weakens'],
    ['a protocol that was given up', { minimumTlsVersion: 'TLS_1_0' }, 'weakens'],
    ['everybody among the people meant', { launchPermission: { userGroups: ['all'] } }, 'opens'],
    ['everybody among those taken away', { launchPermission: { remove: { items: [{ group: 'all' }] } } }, 'neither'],
    ['all of something else', { scope: 'ALL' }, 'neither'],
    ['a way in for guests', { authentication: 'GuestAccess' }, 'opens'],
    ['a fence removed', { removeNetworkAccessConfiguration: true }, 'weakens'],
    ['a key taken away', { kmsKeyId: '' }, 'weakens'],
    ['backups kept for no time', { backupRetentionPeriod: 0 }, 'weakens'],
    ['a condition within a policy', { policy: '{"Statement":[{"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}' }, 'neither'],
    ['nothing', null, 'neither'],
  ])('%s', (_what, request, expected) => {
    expect(turned(request)).toBe(expected);
  });
});
