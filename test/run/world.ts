/** A real deployment in a temporary folder: real git and state; systems, trail and outlets are files, the clock is the test's. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CorrelateOptions, correlateRecent } from '../../src/correlate.ts';
import { type Deployment, loadDeployment } from '../../src/deployment.ts';
import type { AuditEvent, Finding, Gap, Json, Message } from '../../src/model.ts';
import { readReport } from '../../src/pipeline/report.ts';
import type { ReportData } from '../../src/report/contract.ts';
import { type RunOptions, type RunResult, run } from '../../src/run.ts';
import { initStore } from '../../src/store/store.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { folder } from '../folder.ts';
import { git } from '../store/repository.ts';
import { PLUGIN_FILES } from './plugins.ts';

export const SCOPE = 'fake/a/r';
export const THING = 'fake.thing';

export interface State {
  readonly resources?: readonly (readonly [scope: string, kind: string, id: string, config: Json])[];
  readonly complete?: readonly (readonly [scope: string, kind: string])[];
  readonly gaps?: readonly Gap[];
  readonly identities?: Readonly<Record<string, string>>;
  readonly fail?: string;
}

export interface World {
  readonly dir: string;
  readonly said: string[];
  /** ISO time, moved by the test. */
  time: string;
  /** Moves the clock by minutes. */
  readonly pass: (minutes: number) => void;
  readonly state: (state: State, file?: string) => void;
  /** Things of the one scope, complete. */
  readonly things: (things: Readonly<Record<string, Json>>) => void;
  readonly events: (events: readonly AuditEvent[], gaps?: readonly Json[]) => void;
  readonly load: () => Promise<Deployment>;
  readonly run: (options?: Partial<RunOptions>) => Promise<RunResult>;
  readonly correlate: () => Promise<Finding[]>;
  /** Of the last minutes. */
  readonly report: (minutes: number) => Promise<ReportData>;
  readonly told: (file?: string) => Message[];
  readonly git: (...args: string[]) => Promise<string>;
  readonly commits: () => Promise<number>;
}

const EXPORTERS = 'exporters:\n  - use: ./plugins/fake\n    state: state.json\n';
const TRAIL = 'trail:\n  - use: ./plugins/tape\n    file: events.json\n';
const HOOKS = 'hooks:\n  - use: ./plugins/recorder\n    file: told.jsonl\n    from: info\n';

/** The tape as trail, the recorder as outlet. */
export const TAPED = `${TRAIL}${HOOKS}`;
export const WITH_TRAIL = `${EXPORTERS}${TRAIL}`;
export const WITH_ALL = `${EXPORTERS}${TAPED}`;

export async function world(config: string = EXPORTERS): Promise<World> {
  const dir = folder({ ...PLUGIN_FILES, 'drifttrail.yaml': config });
  // As `npm install zod` in the deployment's folder would.
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('../../node_modules/zod', import.meta.url)), join(dir, 'node_modules', 'zod'));
  const snapshots = join(dir, 'snapshots');
  const said: string[] = [];
  const options: CorrelateOptions = {
    signal: new AbortController().signal,
    progress: (text) => said.push(text),
    problem: (text) => said.push(text),
  };
  const surroundings = { ...realSurroundings(dir), now: () => new Date(self.time) };
  const self: World = {
    dir,
    said,
    time: '2026-03-02T09:00:00.000Z',
    pass: (minutes) => {
      self.time = new Date(Date.parse(self.time) + minutes * 60_000).toISOString();
    },
    state: (state, file = 'state.json') => writeFileSync(join(dir, file), JSON.stringify(state)),
    things: (things) =>
      self.state({ resources: Object.entries(things).map(([id, config]) => [SCOPE, THING, id, config]), complete: [[SCOPE, THING]] }),
    events: (events, gaps = []) => writeFileSync(join(dir, 'events.json'), JSON.stringify({ events, gaps })),
    load: () => loadDeployment(dir, surroundings),
    run: async (given = {}) => run(await self.load(), { ...options, ...given }),
    correlate: async () => correlateRecent(await self.load(), options),
    report: async (minutes) => {
      const since = new Date(Date.parse(self.time) - minutes * 60_000).toISOString();
      return readReport(await self.load(), { since, until: self.time });
    },
    told: (file = 'told.jsonl') =>
      existsSync(join(dir, file))
        ? readFileSync(join(dir, file), 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Message)
        : [],
    git: (...args) => git(snapshots, ...args),
    commits: async () => Number(await self.git('rev-list', '--count', 'main')),
  };
  await initStore(snapshots, surroundings);
  return self;
}

/** A successful write by alice on a thing of the one scope. */
export function event(
  id: string,
  time: string,
  name: string,
  request: { id: string; path?: string; value?: Json },
  who = 'alice',
): AuditEvent {
  return {
    id,
    time,
    source: 'fake',
    name,
    account: 'a',
    region: 'r',
    readOnly: false,
    actor: { name: who, type: 'IAMUser', arn: null, role: null, via: 'console', sourceIp: null, userAgent: null, mfa: true },
    request,
    response: null,
  };
}

/** Looks at things `one` and `two` at 09:00, and puts what is there at 09:05. */
export async function changed(config: string, after: Parameters<World['things']>[0]): Promise<World> {
  const it = await world(config);
  it.events([]);
  it.things({ one: { size: 1, critical: false }, two: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things(after);
  return it;
}
