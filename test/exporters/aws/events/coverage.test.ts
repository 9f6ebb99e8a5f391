/** Every successful EC2 and IAM write of real trails is mapped, or listed here as about something that is not tracked. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { events as rules } from '../../../../exporters/aws/events/index.ts';
import { effectsOf, indexRules } from '../../../../src/attribute/effects.ts';
import type { Kind, Lookup } from '../../../../src/model.ts';
import { readTrailFiles } from '../../../../trails/files/index.ts';

const kinds: Record<string, Kind> = Object.fromEntries(
  Object.entries(rules).map(([name, events]) => [name, { format: 'json', title: name, events }]),
);
const index = indexRules(kinds);
const nothing: Lookup = { before: () => undefined, after: () => undefined, list: () => [], resolve: () => undefined };

/** Instances, images, volumes, keys and templates are not collected; nor are settings of a region. */
const UNTRACKED =
  /Image|Snapshot|Volume|KeyPair|LaunchTemplate|SerialConsole|SpotInstances|EbsEncryption|CapacityReservation|TrafficMirror|IamInstanceProfileAssociation|InstanceExportTask|RebootInstances|InstanceConnect|PasswordData|CredentialReport|SSHPublicKey|ServiceSpecificCredential|SigningCertificate|ServerCertificate|SharedSnapshot/;
/** Known calls that touch what is tracked only when the snapshots know the instance's interface. */
const NEEDS_SNAPSHOT =
  /^(RunInstances|StartInstances|StopInstances|TerminateInstances|ModifyInstanceAttribute|DetachNetworkInterface|Disassociate\w+)$/;

const FIXTURE = join(import.meta.dirname, '../../../fixtures/cloudtrail/records.jsonl');
/** A folder of more records, not shipped. Some are hand-made with placeholders for ids: a rule for the name is all that is asked. */
const full = process.env['DRIFTTRAIL_CLOUDTRAIL_RECORDS'] ?? '';

async function unmapped(paths: readonly string[], strict = true): Promise<{ missing: Set<string>; writes: number }> {
  const missing = new Set<string>();
  let writes = 0;
  for await (const event of readTrailFiles(paths, { problem: () => undefined })) {
    if (event.readOnly || event.error !== undefined || !['ec2.amazonaws.com', 'iam.amazonaws.com'].includes(event.source)) continue;
    writes++;
    const { mapped } = effectsOf(event, index.rulesFor(event), nothing);
    const known = index.rulesFor(event).length > 0 && (!strict || NEEDS_SNAPSHOT.test(event.name));
    if (!mapped && !known && !UNTRACKED.test(event.name)) missing.add(event.name);
  }
  return { missing, writes };
}

test('the excerpt of real records', async () => {
  const { missing, writes } = await unmapped([FIXTURE]);
  expect([...missing]).toEqual([]);
  expect(writes).toBeGreaterThan(10);
});

test.skipIf(!existsSync(full))('all records at hand', async () => {
  const files = readdirSync(full).map((name) => join(full, name));
  const { missing } = await unmapped(files, false);
  expect([...missing].sort()).toEqual([]);
});
