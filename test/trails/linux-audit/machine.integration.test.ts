/** A real log-in by key, a real sudo, a real auditd: the report names the person, the address and what he became. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadDeployment } from '../../../src/deployment.ts';
import type { AuditEvent, Finding } from '../../../src/model.ts';
import { run } from '../../../src/run.ts';
import { initStore } from '../../../src/store/store.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { openEventStore } from '../../../src/trail/events.ts';
import { cannotAudit, cannotRun, type Machine, startMachine } from './machine.ts';

const SECRET = 'Xk7-planted-9fQ2w';
const hindrance = cannotRun();
const unaudited = hindrance ?? cannotAudit();
if (unaudited !== undefined) process.stderr.write(`linux-audit: ${unaudited}; tests of it are left out\n`);

let machine: Machine | undefined;
afterEach(async () => {
  await machine?.stop();
  machine = undefined;
});

async function opened(format: 'ENRICHED' | 'RAW' | 'none', more: string) {
  const here = await startMachine(format);
  machine = here;
  writeFileSync(join(here.root, 'etc/ssh/sshd_config'), 'Port 22\nPermitRootLogin no\n');
  writeFileSync(join(here.root, 'etc/plain.conf'), 'a\n');
  const dir = join(here.dir, 'ops');
  await initStore(join(dir, 'snapshots'), realSurroundings());
  const trail = `  - { use: linux-audit, host: web01, logs: ${here.logs}, root: ${here.root}${more} }`;
  writeFileSync(
    join(dir, 'drifttrail.yaml'),
    `exporters:\n  - { use: host, name: web01, root: ${here.root}, facts: false }\ntrail:\n${trail}\n`,
  );
  const said: string[] = [];
  const snapshot = async (): Promise<readonly Finding[]> => {
    const deployment = await loadDeployment(dir, realSurroundings());
    return (await run(deployment, { signal: AbortSignal.timeout(60_000), progress: (text) => said.push(text) })).findings;
  };
  const stored = async (): Promise<AuditEvent[]> => {
    const store = await openEventStore(join(dir, 'state'));
    try {
      return await store.query({ from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
    } finally {
      store.close();
    }
  };
  await snapshot();
  return { ...here, snapshot, stored, said };
}

const about = (findings: readonly Finding[], kind: string, id: string) =>
  findings.find(({ change }) => change?.ref.kind === kind && change.ref.id === id);

describe.skipIf(unaudited !== undefined)('with auditd', () => {
  test.each(['ENRICHED', 'RAW'] as const)('%s: alice edits sshd_config through sudo', async (format) => {
    const it = await opened(format, ', running: true, watch: [/etc]');
    await it.ssh(
      `sudo sed -i 's/PermitRootLogin no/PermitRootLogin yes/' ${it.root}/etc/ssh/sshd_config; sudo chmod 600 ${it.root}/etc/plain.conf`,
    );
    await it.ssh(`sudo sh -c 'echo made > ${it.root}/etc/made; mysql --password=${SECRET} || true'`).catch(() => undefined);
    const findings = await it.snapshot();
    const finding = about(findings, 'host.file', 'etc/ssh/sshd_config');
    expect(finding?.attribution).toMatchObject({
      status: 'attributed',
      grade: 'leaf',
      actor: { name: 'alice', type: 'User', role: 'root', via: 'ssh', sourceIp: '127.0.0.1' },
    });
    expect(finding?.rules).toContain('host-sshd-weakened');
    expect(about(findings, 'host.file', 'etc/made')?.attribution).toMatchObject({
      status: 'attributed',
      grade: 'exact',
      actor: { name: 'alice' },
    });
    expect(about(findings, 'host.file-metadata', 'etc')?.attribution).toMatchObject({
      status: 'attributed',
      grade: 'exact',
      actor: { name: 'alice' },
    });
    expect(it.said.filter((text) => text.startsWith('trail:'))).toEqual([]);

    const key = readFileSync(join(it.logs, 'auth.log'), 'utf8').match(/SHA256:\S+/)?.[0];
    const events = await it.stored();
    const cause = events.find(({ id }) => id === finding?.attribution.events[0]?.id);
    expect(cause?.request).toMatchObject({ fingerprint: key, command: expect.stringContaining('sed -i') });
    // Both logs have the command; nothing of it that is secret is stored.
    expect(readFileSync(join(it.logs, 'auth.log'), 'latin1')).toContain(SECRET);
    expect(JSON.stringify(events)).not.toContain(SECRET);
    expect(JSON.stringify(events)).toContain('«redacted:');
  });
});

describe.skipIf(hindrance !== undefined)('with auth.log alone', () => {
  test('the command that named the file is listed as a candidate, and who it was by', async () => {
    const it = await opened('none', '');
    await it.ssh(`sudo sed -i 's/no$/yes/' ${it.root}/etc/ssh/sshd_config`);
    const { attribution } = about(await it.snapshot(), 'host.file', 'etc/ssh/sshd_config') ?? {};
    expect(attribution?.actor).toBeUndefined();
    const [listed] = await Promise.all([it.stored()]);
    const sudo = listed.find(({ name }) => name === 'sudo');
    expect(sudo?.actor).toMatchObject({ name: 'alice', role: 'root', via: 'ssh', sourceIp: '127.0.0.1' });
    expect(attribution).toMatchObject({ grade: 'candidate', events: [{ id: sudo?.id }] });
  });
});
