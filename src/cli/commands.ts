/** All commands, in the order of the help. Only the one that is called is imported: help costs what Node costs. */
import type { Registration } from './session.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Being stopped is its normal end: exit code 0. */
  readonly endsBySignal?: true;
  readonly load: () => Promise<Registration>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'quickstart',
    summary: 'see it work: this machine, and a recorded AWS account',
    load: async () => (await import('./quickstart.ts')).quickstart,
  },
  { name: 'init', summary: 'make a deployment: configuration, repository, git hooks', load: async () => (await import('./init.ts')).init },
  { name: 'snapshot', summary: 'record what is there now; at most one commit', load: async () => (await import('./snapshot.ts')).snapshot },
  {
    name: 'daemon',
    summary: 'snapshots on their schedules, until told to stop',
    endsBySignal: true,
    load: async () => (await import('./daemon.ts')).daemon,
  },
  { name: 'report', summary: 'what changed, most dangerous first, and who did it', load: async () => (await import('./report.ts')).report },
  {
    name: 'timeline',
    summary: 'it broke at some moment: what changed before, most suspicious first',
    load: async () => (await import('./timeline.ts')).timeline,
  },
  { name: 'show', summary: 'one commit or one finding in full', load: async () => (await import('./show.ts')).show },
  { name: 'log', summary: 'history with actors, one line a commit', load: async () => (await import('./log.ts')).log },
  { name: 'why', summary: 'the biography of a resource: every change, when, by whom', load: async () => (await import('./why.ts')).why },
  { name: 'undo', summary: 'print the commands that put it back; runs nothing', load: async () => (await import('./undo.ts')).undo },
  {
    name: 'ack',
    summary: 'set a finding aside, with a reason and for as long as you say',
    load: async () => (await import('./ack.ts')).ack,
  },
  {
    name: 'compare',
    summary: 'hosts, accounts, regions side by side: what differs, who stands out',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    name: 'bundle',
    summary: 'state, history and diffs of a host, resource or finding in one archive',
    load: async () => (await import('./bundle.ts')).bundle,
  },
  {
    name: 'serve',
    summary: 'the dashboard: all of this for a browser',
    endsBySignal: true,
    load: async () => (await import('./serve.ts')).serve,
  },
  { name: 'check', summary: 'exit code for pipelines and monitoring', load: async () => (await import('./check.ts')).check },
  { name: 'events', summary: 'rank raw audit events, without any snapshot', load: async () => (await import('./events.ts')).events },
  { name: 'attribute', summary: '(re)correlate changes with audit events', load: async () => (await import('./attribute.ts')).attribute },
  {
    name: 'coverage',
    summary: 'what is watched, stale, unreadable, not watched',
    load: async () => (await import('./coverage.ts')).coverage,
  },
  {
    name: 'notify',
    summary: 'tell the hooks of a commit; what the git hooks call',
    load: async () => (await import('./notify.ts')).notify,
  },
  { name: 'hooks', summary: 'try the outlets, write the git hooks', load: async () => (await import('./hooks.ts')).hooks },
  { name: 'doctor', summary: 'self-check with the exact fix', load: async () => (await import('./doctor.ts')).doctor },
  {
    name: 'verify',
    summary: 'was the history, or the audit trail, tampered with',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'permissions',
    summary: 'the least-privilege policy of what is configured',
    load: async () => (await import('./permissions.ts')).permissions,
  },
  { name: 'schema', summary: 'the JSON Schema of drifttrail.yaml', load: async () => (await import('./schema.ts')).schema },
  { name: 'completion', summary: 'a completion script for your shell', load: async () => (await import('./completion.ts')).completion },
];
