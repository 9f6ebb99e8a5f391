/** Facts that are read from files: who wrote the file changed the fact. */
import { type Effect, isObject } from 'drifttrail';
import { type Act, fact, implied, keysOf, member, set } from './act.ts';

interface Derived {
  readonly kind: string;
  readonly files: RegExp;
  /** Which of the fact's members this file tells of; absent: any. */
  readonly keys?: (act: Act, path: string) => readonly string[];
}

/** Members of these facts name the file that they come from. */
const byFile =
  (kind: string) =>
  (act: Act, path: string): readonly string[] =>
    keysOf(act, fact(act, kind), (entry) => isObject(entry) && entry.file === path);

const DERIVED: readonly Derived[] = [
  { kind: 'host.user', files: /^etc\/passwd$/ },
  { kind: 'host.password', files: /^etc\/shadow$/ },
  { kind: 'host.group', files: /^etc\/group$/ },
  { kind: 'host.sudoers', files: /^etc\/sudoers(\.d\/.*)?$/, keys: (act, path) => byFile('host.sudoers')(act, path) },
  {
    kind: 'host.cron',
    files: /^(etc\/(crontab|anacrontab|cron\.\w+\/.*|crontabs\/.*)|var\/spool\/cron\/.*)$/,
    keys: (act, path) => byFile('host.cron')(act, path),
  },
  {
    kind: 'host.sysctl',
    files: /^(etc\/sysctl\.conf|(etc|run|usr\/lib|usr\/local\/lib|lib)\/sysctl\.d\/.*)$/,
    keys: (act, path) => byFile('host.sysctl')(act, path),
  },
  {
    kind: 'host.limit',
    files: /^etc\/(security\/limits(\.conf|\.d\/.*)|systemd\/system\.conf(\.d\/.*)?)$/,
    keys: (act, path) => byFile('host.limit')(act, path),
  },
  {
    kind: 'host.log-target',
    files:
      /^etc\/(r?syslog\.(conf|d\/.*)|syslog-ng\/.*|systemd\/journal-upload\.conf(\.d\/.*)?|conf\.d\/syslog|default\/(busybox-)?syslogd)$/,
    keys: (act, path) => byFile('host.log-target')(act, path),
  },
  { kind: 'host.authorized-key', files: /(^|\/)authorized_keys2?$/, keys: (act, path) => byFile('host.authorized-key')(act, path) },
  { kind: 'host.ssh-host-key', files: /^etc\/ssh\/ssh_host_\w+_key\.pub$/, keys: (act, path) => byFile('host.ssh-host-key')(act, path) },
  { kind: 'host.certificate', files: /^etc\/.*\.(pem|crt|cer|cert)$/, keys: (_, path) => [path] },
  { kind: 'host.resolver', files: /^etc\/resolv\.conf$/ },
  { kind: 'host.unit-file', files: /^etc\/systemd\/system\/.*$/, keys: (_, path) => [path.slice(path.lastIndexOf('/') + 1)] },
];

export const DERIVED_KINDS: readonly string[] = DERIVED.map(({ kind }) => kind);

export function derivedEffects(act: Act, path: string): Effect[] {
  return DERIVED.filter(({ files }) => files.test(path)).flatMap(({ kind, keys }) => {
    const ref = fact(act, kind);
    const paths = keys === undefined ? ['/**'] : keys(act, path).map((key) => `${member(key)}/**`);
    return paths.flatMap((place) => implied(`it is read from ${path}`, set(ref, place)));
  });
}
