/** Passwords on command lines: Windows programs take them in spellings of their own. */
import type { JsonObject } from 'drifttrail';

/** `/rp hunter2`, `-Password:hunter2`, `--token=hunter2`, `/p:hunter2`; quoted or not. */
const SWITCH =
  /(?<=(?:^|\s)(?:--?|\/)(?:rp|pw|pwd|pass|passw|passwd|password|passphrase|secret|token|api-?key|access-?key|client-?secret|[\w-]*password|[\w-]*secret|[\w-]*token)(?:\s+|[:=]\s*)|(?:^|\s)\/p:)(?:"(?<double>[^"]+)"|'(?<single>[^']+)'|(?<bare>[^\s"'/-]\S*))/gi;

/** The line with its secrets taken out, and these by number: `text` is readable (normalising takes <…> for no secret), what stands in `secret` never reaches a disk. */
export function exposed(line: string): { readonly text: string; readonly secret?: JsonObject } {
  const found: string[] = [];
  const text = line.replaceAll(SWITCH, (whole) => {
    found.push(whole.replace(/^(["'])(.*)\1$/, '$2'));
    return `<secret-${found.length}>`;
  });
  return found.length === 0 ? { text } : { text, secret: Object.fromEntries(found.map((value, index) => [String(index + 1), value])) };
}
