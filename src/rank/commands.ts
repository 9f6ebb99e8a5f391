/** Command lines that run what anybody could have put there. */

/** Each with why: what is fetched and run unseen, or lies where every user may write, is nobody's agreed program. */
const FOREIGN: readonly RegExp[] = [
  /\b(curl|wget|fetch)\b[^|;&]*\|\s*(sudo\s+)?(ba|da|z|k)?sh\b/, // fetched and fed to a shell
  /\b(ba|da|z|k)?sh\s+(-c\s+)?["'<(]*[$<]\(\s*(curl|wget|fetch)\b/, // the same the other way round
  /\/dev\/(tcp|udp)\//, // a shell's own connection to a machine elsewhere
  /base64\s+(-d|-D|--decode)\b.*\|/, // hidden text fed on
  /(^|[\s=:;&|"'])\/(tmp|var\/tmp|dev\/shm)\/\S/, // folders that everybody may write
  /(^|[\s=:;&|"'])(\/[^\s/]+)*\/\.[A-Za-z0-9_-]+\/\S/, // below a hidden folder
  /\bn(c|cat|etcat)\b.*\s-[a-z]*e\b/, // a shell handed to whoever connects
  /\b(python[0-9.]*|perl|ruby|php)\s+-(c|e|r)\s/, // a program inside the line
];

export function runsForeignCode(command: unknown): boolean {
  return typeof command === 'string' && FOREIGN.some((pattern) => pattern.test(command));
}
