/** One command over the system's ssh: never a shell here, nothing asked, no host key taken on trust. */
import { type CollectContext, cut, type GapReason, neutraliseLine } from 'drifttrail';

/** Where to log in, and as whom; what is not said is as the ssh configuration says. */
export interface Login {
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Path of a private key. */
  readonly identity?: string | undefined;
  readonly jump?: string | undefined;
}

export interface SshSettings {
  readonly config?: string | undefined;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** Why a host gave no answer. */
export class Refused extends Error {
  readonly reason: GapReason;

  constructor(reason: GapReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** ssh takes the first value of an option: these cannot be overridden. */
const FIRM: Readonly<Record<string, string>> = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  // A connection of somebody else's may have been opened under other rules, and one that outlives us would leak.
  ControlMaster: 'no',
  ControlPath: 'none',
  ClearAllForwardings: 'yes',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RequestTTY: 'no',
  RemoteCommand: 'none',
  UpdateHostKeys: 'no',
  LogLevel: 'ERROR',
};

const USUAL: Readonly<Record<string, string>> = { ConnectTimeout: '10', ServerAliveInterval: '5', ServerAliveCountMax: '3' };

export function sshArguments(host: Login, settings: SshSettings, command: readonly string[]): string[] {
  const given = Object.fromEntries(
    Object.entries(settings.options).map(([key, value]) => [key, typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)]),
  );
  const options = [...Object.entries(FIRM), ...Object.entries(given), ...Object.entries(USUAL)];
  return [
    ...(settings.config === undefined ? [] : ['-F', settings.config]),
    ...options.flatMap(([key, value]) => ['-o', `${key}=${value}`]),
    ...(host.port === undefined ? [] : ['-p', String(host.port)]),
    ...(host.user === undefined ? [] : ['-l', host.user]),
    ...(host.identity === undefined ? [] : ['-i', host.identity, '-o', 'IdentitiesOnly=yes']),
    ...(host.jump === undefined ? [] : ['-J', host.jump]),
    '--',
    host.address,
    ...command,
  ];
}

/** What a login needs of our surroundings: the agent, the home folder, the PATH for ProxyCommand. */
const INHERITED = ['HOME', 'PATH', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', 'KRB5CCNAME', 'KRB5_CONFIG', 'TMPDIR', 'XDG_RUNTIME_DIR'];

/** Runs a command on the host within the time that is left of its deadline. Throws Refused. */
export async function overSsh(
  context: Pick<CollectContext, 'spawn' | 'signal' | 'env' | 'now'>,
  host: Login,
  settings: SshSettings,
  { command, input, until, deadline }: { command: readonly string[]; input: Uint8Array; until: number; deadline: number },
): Promise<{ readonly code: number; readonly stdout: Buffer; readonly stderr: string }> {
  const env = { ...Object.fromEntries(INHERITED.map((name) => [name, context.env[name]])), LC_ALL: 'C' };
  const left = until - context.now().getTime();
  if (left <= 0) throw tooSlow(deadline);
  const { code, stdout, stderr } = await context.spawn('ssh', sshArguments(host, settings, command), {
    input,
    env,
    signal: context.signal,
    timeout: left,
    maxBytes: MAX_ANSWER,
    group: true,
  });
  if (code === 255) throw refusal(host, stderr);
  if (code === null) {
    if (stdout.length > MAX_ANSWER / 2 && context.now().getTime() < until)
      throw new Refused('truncated', `told more than ${MAX_ANSWER} bytes; choose fewer files or a smaller maxContent`);
    throw tooSlow(deadline);
  }
  return { code, stdout, stderr };
}

const MAX_ANSWER = 256 * 1024 * 1024;

function tooSlow(deadline: number): Refused {
  return new Refused('unreachable', `did not answer within its deadline of ${deadline} s; raise deadline if it is only slow`);
}

/** What ssh itself says when it leaves with 255. */
function refusal(host: Login, stderr: string): Refused {
  const known = `${host.port === undefined || host.port === 22 ? '' : `-p ${host.port} `}${host.address}`;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|differs from the key for the IP|host key .* has changed/i.test(stderr)) {
    const sent = /SHA256:[A-Za-z0-9+/]+/.exec(stderr)?.[0];
    const line = /Offending \S+ key in (\S+:\d+)/.exec(stderr)?.[1];
    return new Refused(
      'suspicious',
      `HOST KEY CHANGED: it now sends ${sent ?? 'another key'}${line === undefined ? '' : `, known_hosts has another at ${line}`}. ` +
        `Somebody may be in between; if the host was installed anew, compare the fingerprint on its console, then ` +
        `ssh-keygen -R '${bracketed(host)}' and connect once by hand: ssh ${known}`,
    );
  }
  if (/host key is known|Host key verification failed/i.test(stderr)) {
    return new Refused('denied', `its host key is not known here; connect once by hand and compare the fingerprint: ssh ${known}`);
  }
  const said = lastLine(stderr).replace(/^ssh: /, '');
  if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr)) {
    return new Refused(
      'denied',
      `ssh: ${said}; give it a key that needs no passphrase (identity: or an agent) and try ssh -o BatchMode=yes ${known}`,
    );
  }
  return new Refused('unreachable', `ssh: ${said === '' ? 'the connection ended without a word' : said}`);
}

function bracketed(host: Login): string {
  return host.port === undefined || host.port === 22 ? host.address : `[${host.address}]:${host.port}`;
}

/** The last line that ssh or the other side said, fit to be shown. */
export function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((text) => text.trim());
  return cut(neutraliseLine(lines.filter((text) => text !== '').at(-1) ?? ''), 200);
}
