/** Files with secrets that everybody on the machine can read. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The mode of a file that others can read: it lets them, and every folder above lets them pass. Undefined when they cannot. */
export function exposedMode(file: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o004) === 0) return undefined;
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return undefined;
    if (dirname(folder) === folder) return mode.toString(8);
  }
}

/** What a server shows to everybody anyway. */
export function isCertificate(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const text = readFileSync(file, 'utf8');
  return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY');
}
