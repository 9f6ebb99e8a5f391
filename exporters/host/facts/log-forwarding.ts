/** Where the machine sends its logs: the targets of rsyslog, syslog-ng, journal-upload and busybox' syslogd. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';
import { busyboxTargets, journalTargets, rsyslogTargets, syslogNgTargets, type Target } from './log-targets.ts';

interface Program {
  readonly name: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly targets: (text: string) => Target[];
}

const PROGRAMS: readonly Program[] = [
  { name: 'rsyslog', files: ['etc/rsyslog.conf'], folders: ['etc/rsyslog.d'], targets: rsyslogTargets },
  { name: 'syslog-ng', files: ['etc/syslog-ng/syslog-ng.conf'], folders: ['etc/syslog-ng/conf.d'], targets: syslogNgTargets },
  {
    name: 'journal-upload',
    files: ['etc/systemd/journal-upload.conf'],
    folders: ['usr/lib/systemd/journal-upload.conf.d', 'etc/systemd/journal-upload.conf.d'],
    targets: journalTargets,
  },
  {
    name: 'syslogd',
    files: ['etc/conf.d/syslog', 'etc/default/busybox-syslogd', 'etc/default/syslogd'],
    folders: [],
    targets: busyboxTargets,
  },
];

const FOLDERS = PROGRAMS.flatMap(({ folders }) => folders);

export const logForwarding: Fact = {
  name: 'log-forwarding',
  kind: 'host.log-target',
  title: 'log target',
  read,
  ahead: `for folder in ${FOLDERS.join(' ')}; do texts "/$folder"/*.conf; done`,
};

/** An empty document says that nothing is sent. Where none of the programs is configured it cannot be told. */
function read(source: Source): JsonObject | undefined {
  let configured = false;
  const found: [string, JsonObject][] = [];
  for (const { name, files, folders, targets } of PROGRAMS) {
    for (const file of [...files, ...folders.flatMap((folder) => confsIn(source, folder))]) {
      const text = source.read(file);
      if (text === undefined) continue;
      configured = true;
      for (const { host, port, protocol, what } of targets(text))
        found.push([
          `${name} ${host}:${port} ${protocol}`,
          { program: name, host, port, protocol, ...(what === '' ? {} : { what }), file },
        ]);
    }
  }
  return configured ? keyed(found) : undefined;
}

function confsIn(source: Source, folder: string): string[] {
  return source
    .list(folder)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `${folder}/${name}`);
}
