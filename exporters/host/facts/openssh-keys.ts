/** Public keys as OpenSSH writes them, told by their fingerprints. */
import { createHash } from 'node:crypto';

export interface PublicKey {
  readonly type: string;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  readonly comment: string;
  /** What stands before the key: `command="…"`, `from="…"`, `restrict`. */
  readonly options: string;
}

const TYPES = String.raw`(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com|[a-z0-9-]+-cert-v01@openssh\.com)`;
/** sshd(8): options hold no space outside of quotes. */
const LINE = new RegExp(String.raw`^(?:((?:[^\s"]|"(?:[^"\\]|\\.)*")+)\s+)?(${TYPES})\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?$`);

/** Of a line of authorized_keys or of a .pub file; undefined when it is none. */
export function publicKey(line: string): PublicKey | undefined {
  const [, options = '', type, base64, comment = ''] = LINE.exec(line.trim()) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64').replace(/=+$/, '');
  return { type, fingerprint: `SHA256:${digest}`, comment: comment.trim(), options };
}
