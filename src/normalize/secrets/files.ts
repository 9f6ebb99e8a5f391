/** Files whose columns are secret by position, known by their path. */
import type { SecretPattern } from './types.ts';

export interface SecretFile {
  /** Matched against the path or id, without a leading slash. */
  readonly path: RegExp;
  readonly pattern: RegExp;
}

/** A hash field that only says "no password" (`*`, `!`, `!!`, `x`) stays readable. */
export const FILES: readonly SecretFile[] = [
  { path: /(?:^|\/)g?shadow-?$/, pattern: /^[^:\n]+:(?<secret>!?[^:\n*!x][^:\n]{2,})/dgm },
  { path: /(?:^|\/)passwd-?$/, pattern: /^[^:\n]+:(?<secret>[^:\n*!x][^:\n]{2,}):\d+:\d+:/dgm },
  {
    path: /(?:^|\/)[\w.-]*(?:htpasswd|htdigest|\.users|\.passwd|dovecot\/users)[\w.-]*$/,
    pattern: /^[^:#\n]+:(?:[^:\n]*:)?(?<secret>[^:\s]{4,})/dgm,
  },
  { path: /(?:^|\/)\.?pgpass(?:\.conf)?$/, pattern: /^(?!#)(?:(?:[^:\\\n]|\\.)*:){4}(?<secret>[^\n]+)$/dgm },
  {
    path: /(?:^|\/)(?:chap|pap)-secrets$/,
    pattern: /^[ \t]*(?!#)(?:"[^"\n]*"|\S+)[ \t]+(?:"[^"\n]*"|\S+)[ \t]+(?<secret>"[^"\n]+"|\S+)/dgm,
  },
  { path: /(?:^|\/)ipsec\.(?:[\w-]+\.)?secrets$/, pattern: /:[ \t]*(?:RSA|ECDSA|P12|PIN)[ \t]+\S+[ \t]+"(?<secret>[^"\n]+)"/dgm },
  { path: /(?:^|\/)sasl_passwd$/, pattern: /^(?!#)\S+[ \t]+[^\s:]+:(?<secret>\S+)/dgm },
  { path: /(?:^|\/)\.?(?:smb)?credentials[\w.-]*$|\.cred$/, pattern: /^[ \t]*pass(?:word)?[ \t]*=[ \t]*(?<secret>.+?)[ \t]*$/dgm },
  {
    path: /(?:^|\/)(?:munge\/munge\.key|rndc\.key|corosync\/authkey|erlang\.cookie|\.erlang\.cookie)$/,
    pattern: /(?<secret>[A-Za-z0-9+/=]{16,})/dg,
  },
  {
    path: /(?:^|\/)wpa_supplicant[\w.-]*\.conf$|\.nmconnection$/,
    pattern: /^[ \t]*(?:psk|password|wep-key\d|wep_key\d)[ \t]*=[ \t]*(?<secret>\S.*?)[ \t]*$/dgm,
  },
  { path: /(?:^|\/)rsyncd\.secrets$|(?:^|\/)rsync[\w.-]*(?:secrets|pass)[\w.-]*$/, pattern: /^(?!#)[^:\n]+:(?<secret>[^\n]+)$/dgm },
  { path: /(?:^|\/)(?:radiusd?|raddb|freeradius)\/.*clients?(?:\.conf)?$/, pattern: /^[ \t]*(?!#)\S+[ \t]+(?<secret>\S{6,})[ \t]*$/dgm },
  {
    path: /(?:^|\/)(?:tacacs|pam_radius|server)[\w.-]*\.conf$/,
    pattern: /^(?!#)[\w.:[\]-]+(?::\d+)?[ \t]+(?<secret>\S{6,})[ \t]+\d+[ \t]*$/dgm,
  },
];

/** What one path's file needs beyond the general tables. */
export function patternsFor(hint: string): readonly Pick<SecretPattern, 'pattern'>[] {
  return FILES.filter((file) => file.path.test(hint));
}
