/** What the page about a host says of it, in the order in which somebody asks who has never seen it. */
import type { Evidence } from 'drifttrail';

const [IS, RUNS, LISTENS, ENTERS, NETWORK, STORAGE, INSTALLED] = [
  'What it is',
  'What runs',
  'What listens',
  'Who can log in',
  'Network',
  'Storage',
  'What is installed',
];

export const EVIDENCE: Readonly<Record<string, Evidence>> = {
  'host.os': { chapter: IS, order: 10 },
  'host.time': { chapter: IS, order: 11 },
  'host.service': { chapter: RUNS, order: 20, fields: ['state', 'enabled'] },
  'host.unit-file': { chapter: RUNS, order: 21, fields: ['state'], only: ({ state }) => state === 'enabled', brief: true },
  'host.cron': { chapter: RUNS, order: 22, fields: ['schedule', 'user', 'command'] },
  'host.socket': { chapter: LISTENS, order: 30, fields: ['program', 'exposure'] },
  'host.firewall': { chapter: LISTENS, order: 31, fields: ['policy', 'rules'] },
  'host.user': {
    chapter: ENTERS,
    order: 40,
    fields: ['uid', 'shell', 'home'],
    only: ({ shell }) => !/(nologin|false|sync)$/.test(String(shell)),
  },
  'host.password': { chapter: ENTERS, order: 41, fields: ['state', 'changed', 'expires'], only: ({ state }) => state !== 'locked' },
  'host.authorized-key': { chapter: ENTERS, order: 42, fields: ['comment', 'options', 'file'] },
  'host.sudoers': { chapter: ENTERS, order: 43, fields: ['rules'] },
  'host.ssh-host-key': { chapter: NETWORK, order: 50, fields: ['fingerprint'] },
  'host.resolver': { chapter: NETWORK, order: 51 },
  'host.route': { chapter: NETWORK, order: 52, fields: ['gateway', 'device'] },
  'host.mount': {
    chapter: STORAGE,
    order: 60,
    fields: ['source', 'type', 'readOnly'],
    only: ({ type }) => !/^(proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|securityfs|debugfs|tracefs|bpf|pstore)$/.test(String(type)),
  },
  'host.filesystem': { chapter: STORAGE, order: 61, fields: ['type', 'full', 'readOnly'] },
  'host.raid': { chapter: STORAGE, order: 62 },
  'host.certificate': { chapter: INSTALLED, order: 70, fields: ['subject', 'issuer', 'until'] },
  'host.package': { chapter: INSTALLED, order: 71, fields: ['version'], brief: true },
};
