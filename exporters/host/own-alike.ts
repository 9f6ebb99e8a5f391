/** What two machines installed alike differ in all the same: minutes chosen by chance, each one's certificate, files left over. */
import { X509Certificate } from 'node:crypto';
import { isObject, type Json, type JsonObject, type Ref } from 'drifttrail';

/** What editors, dpkg, rpm and ucf leave behind, and the account files as they were before the last change. */
const LEFT_OVER =
  /(~|\.(bak|old|orig|save|swp|dpkg-(old|dist|bak|new|tmp)|ucf-(old|dist|new)|rpm(save|new|orig))([.-][\d@:T-]+)?)$|(^|\/)(passwd|group|shadow|gshadow|subuid|subgid)-$/;
const CRONTAB = /^(etc\/(crontab|cron\.d\/.+|crontabs\/.+)|var\/spool\/cron\/.+)$/;

/** A job at some minute: packages choose one by chance, so that not all hosts begin at once. Of a list or a step nothing is left out. */
const MINUTE = /^(\s*)\d{1,2}(?=\s+\S+\s+\S+\s+\S+\s+\S+\s)/gm;
const ALIKE_MINUTE = '‹minute›';

/** The day on which a password was set. */
const CHANGED = /^([^:\n]*:(?:«[^»\n]*»|[^:\n]*):)\d+(?=:)/gm;

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

export function alikeFile({ ref, config }: { readonly ref: Ref; readonly config: Json }): Json | undefined {
  if (LEFT_OVER.test(ref.id)) return undefined;
  if (typeof config !== 'string') return config;
  if (ref.id === 'etc/shadow') return config.replace(CHANGED, '$1‹day›');
  const text = CRONTAB.test(ref.id) ? config.replace(MINUTE, `$1${ALIKE_MINUTE}`) : config;
  return text.includes('-----BEGIN CERTIFICATE-----') ? text.replace(PEM, certificateText) : text;
}

/** By whom and for whom; the key and the dates are each one's own. A CA's are not: whom one trusts is compared to the byte. */
function certificateText(pem: string): string {
  let found: X509Certificate;
  try {
    found = new X509Certificate(pem);
  } catch {
    return pem; // whatever it is, it is compared as it stands
  }
  if (found.ca && found.subject === found.issuer) return pem;
  const { asymmetricKeyType = '' } = found.publicKey;
  const lines = [`subject ${found.subject}`, `issuer ${found.issuer}`, `names ${found.subjectAltName ?? '-'}`, `key ${asymmetricKeyType}`];
  return lines.map((line) => `certificate ${line.replaceAll('\n', ', ')}`).join('\n');
}

/** Modes and owners of what is compared; of a file that is a host's own key or lease not its bytes either. */
export function alikeMetadata(config: Json, isOwn: (id: string) => boolean): Json {
  if (!isObject(config)) return config;
  const kept = Object.entries(config).filter(([id]) => !LEFT_OVER.test(id));
  return Object.fromEntries(kept.map(([id, entry]) => [id, isOwn(id) && isObject(entry) ? without(entry, ['sha256', 'size']) : entry]));
}

function without(entry: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.includes(key)));
}

/** The schedule is in the job's key too. */
export function alikeCron(config: Json): Json {
  if (!isObject(config)) return config;
  const alike = (schedule: string) => schedule.replace(/^\d{1,2}(?= )/, ALIKE_MINUTE);
  const jobs = new Map<string, Json>();
  for (const [key, job] of Object.entries(config)) {
    const schedule = isObject(job) && typeof job.schedule === 'string' ? job.schedule : undefined;
    if (!isObject(job) || schedule === undefined) {
      jobs.set(key, job);
      continue;
    }
    const name = key.replace(schedule, alike(schedule));
    let free = name;
    for (let number = 2; jobs.has(free); number++) free = `${name} #${number}`;
    jobs.set(free, { ...job, schedule: alike(schedule) });
  }
  return Object.fromEntries(jobs);
}
