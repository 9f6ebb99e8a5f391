/** A deployment in a folder of its own that a test of an exporter takes snapshots with. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadDeployment } from '../../src/deployment.ts';
import type { Finding } from '../../src/model.ts';
import { run } from '../../src/run.ts';
import { initStore } from '../../src/store/store.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { openEventStore } from '../../src/trail/events.ts';

export interface Operations {
  readonly dir: string;
  /** The findings of its own commit alone: a run judges recent ones again. */
  readonly snapshot: () => Promise<{ readonly findings: readonly Finding[]; readonly gaps: readonly unknown[] }>;
  /** The tree of the newest commit, and how many commits there are. */
  readonly tree: () => string;
  readonly commits: () => number;
  readonly git: (...args: readonly string[]) => string;
  readonly said: readonly string[];
  readonly remove: () => void;
}

export async function operations(config: string): Promise<Operations> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-ops-'));
  mkdirSync(dir, { recursive: true });
  await initStore(join(dir, 'snapshots'), realSurroundings());
  writeFileSync(join(dir, 'drifttrail.yaml'), config, { mode: 0o600 });
  const said: string[] = [];
  const git = (...args: readonly string[]) => {
    const done = spawnSync('git', ['-C', join(dir, 'snapshots'), ...args], { encoding: 'utf8', timeout: 30_000 });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.trim();
  };
  return {
    dir,
    said,
    git,
    snapshot: async () => {
      const deployment = await loadDeployment(dir, realSurroundings());
      const { commit, findings, gaps } = await run(deployment, {
        signal: AbortSignal.timeout(120_000),
        progress: (text) => said.push(text),
      });
      return { findings: findings.filter((finding) => finding.commit === commit || finding.commit === null), gaps };
    },
    tree: () => git('rev-parse', 'HEAD^{tree}'),
    commits: () => Number(git('rev-list', '--count', 'HEAD')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export function about(findings: readonly Finding[], kind: string, id: string): Finding | undefined {
  return findings.find(({ change }) => change?.ref.kind === kind && change.ref.id === id);
}

/** All that the deployment keeps of its trail; the file is compressed, so that its bytes say nothing. */
export async function storedEvents(dir: string): Promise<string> {
  const store = await openEventStore(join(dir, 'state'));
  try {
    const events = await store.query({ from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
    expect(events).not.toEqual([]);
    return JSON.stringify(events);
  } finally {
    store.close();
  }
}

/** Runs what was printed in a shell, as a person would who pasted it. */
export function paste(commands: readonly string[], env: NodeJS.ProcessEnv): void {
  const done = spawnSync('sh', ['-e', '-c', commands.join('\n')], { encoding: 'utf8', timeout: 60_000, env });
  if (done.status !== 0) throw new Error(`${commands.join('\n')}\n${done.stdout}${done.stderr}`);
}
