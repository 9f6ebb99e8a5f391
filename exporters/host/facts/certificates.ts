/** Certificates of services under /etc and how long they are good for, in steps: a number would change every day. */
import { X509Certificate } from 'node:crypto';
import type { JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';

/** Where services keep their own; of `etc/ssl/certs` only what is no link, for the links are the authorities of the system. */
const FOLDERS = [
  'etc/ssl',
  'etc/ssl/certs',
  'etc/ssl/private',
  'etc/pki/tls/certs',
  'etc/nginx',
  'etc/nginx/ssl',
  'etc/nginx/certs',
  'etc/apache2/ssl',
  'etc/httpd/ssl',
  'etc/haproxy',
  'etc/haproxy/certs',
  'etc/postfix',
  'etc/postfix/ssl',
  'etc/dovecot/private',
  'etc/exim4',
  'etc/ldap/tls',
  'etc/openvpn',
  'etc/openvpn/server',
  'etc/ipsec.d/certs',
  'etc/kubernetes/pki',
  'etc/etcd',
  'etc/docker',
  'etc/mysql',
  'etc/postgresql',
  'etc/redis',
  'etc/rabbitmq',
];
/** Folders that have one for each name. */
const LIVE = 'etc/letsencrypt/live';
const NAMES = /^(?!ca-certificates\.crt$|ca-bundle).*\.(pem|crt|cer|cert)$/;
const DAY = 86_400_000;

export const certificates: Fact = {
  name: 'certificates',
  kind: 'host.certificate',
  title: 'certificate',
  read,
  ahead: `for folder in ${FOLDERS.join(' ')} ${LIVE}/*; do
  if [ -d "$folder" ]; then
    list "$folder"
    for file in "$folder"/*.pem "$folder"/*.crt "$folder"/*.cer "$folder"/*.cert; do
      case $folder in etc/ssl/certs) if [ -e "$file" ] || [ -h "$file" ]; then look "$file"; fi; if [ -h "$file" ]; then continue; fi ;; esac
      if [ -e "$file" ]; then text "$file"; fi
    done
  fi
done`,
};

function read(source: Source): JsonObject {
  const folders = [...FOLDERS, ...source.list(LIVE).map((name) => `${LIVE}/${name}`)];
  const files = folders.flatMap((folder) =>
    source
      .list(folder)
      .filter((name) => NAMES.test(name))
      .map((name) => `${folder}/${name}`)
      .filter((file) => folder !== 'etc/ssl/certs' || source.link(file) === undefined),
  );
  const now = source.now();
  return keyed(files.flatMap((file) => certificateIn(textIn(source, file), file, now)));
}

/** Of a binary file nothing: only text is kept of what services read. */
function textIn(source: Source, file: string): string {
  try {
    return source.read(file) ?? '';
  } catch (error) {
    if (error instanceof Unreadable && error.reason === 'invalid') return '';
    throw error;
  }
}

/** The first certificate of a file is the service's own, what follows is the chain. */
export function certificateIn(text: string, file: string, now: Date): [string, JsonObject][] {
  const pem = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/.exec(text)?.[0];
  if (pem === undefined) return [];
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return [[file, { unreadable: true }]]; // said in its place: a broken certificate stops its service
  }
  const until = new Date(certificate.validTo);
  return [
    [
      file,
      {
        subject: flat(certificate.subject),
        issuer: flat(certificate.issuer),
        names: (certificate.subjectAltName ?? '')
          .split(', ')
          .filter((name) => name !== '')
          .sort(),
        until: until.toISOString().slice(0, 10),
        left: leftUntil(until, now),
        fingerprint: certificate.fingerprint256,
      },
    ],
  ];
}

/** Steps of 30 and 7 days. */
export function leftUntil(until: Date, now: Date): string {
  const days = (until.getTime() - now.getTime()) / DAY;
  if (days < 0) return 'expired';
  return days < 7 ? 'less than 7 days' : days < 30 ? 'less than 30 days' : 'enough';
}

function flat(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
