/** The other machines that the configuration of a syslog program names, each in that program's own language. */

export interface Target {
  readonly host: string;
  readonly port: number;
  /** `udp`, `tcp`, `tls`, `relp`, `http`, `https` … */
  readonly protocol: string;
  /** Which messages, where the line itself says so; else ''. */
  readonly what: string;
}

const SYSLOG_PORT = 514;

/** rsyslog.conf(5): `*.* @@host:port`, `*.* :omrelp:host:port`, `action(type="omfwd" target="host" port="514" protocol="tcp")`. */
export function rsyslogTargets(text: string): Target[] {
  const plain = text.replaceAll(/^\s*#.*$/gm, '');
  return [
    ...plain.split('\n').flatMap(legacyTarget),
    ...[...plain.matchAll(/\baction\s*\(([^)]*)\)/gi)].flatMap(([, body = '']) => action(body)),
  ];
}

const ADDRESS = String.raw`(?:\[([^\]]+)\]|([^\s:;\[\]]+))(?::(\d+))?`;

function legacyTarget(line: string): Target[] {
  const forward = new RegExp(`^\\s*(\\S+)\\s+(@@?)(?:\\([^)]*\\))?${ADDRESS}`).exec(line);
  if (forward !== null) {
    const [, what = '', at, six, name = '', port] = forward;
    return [{ host: six ?? name, port: Number(port ?? SYSLOG_PORT), protocol: at === '@@' ? 'tcp' : 'udp', what }];
  }
  const relp = new RegExp(`^\\s*(\\S+)\\s+:omrelp:${ADDRESS}`).exec(line);
  if (relp === null) return [];
  const [, what = '', six, name = '', port] = relp;
  return [{ host: six ?? name, port: Number(port ?? 2514), protocol: 'relp', what }];
}

const MODULES: Readonly<Record<string, { readonly host: string; readonly port: number; readonly protocol: string }>> = {
  omfwd: { host: 'target', port: SYSLOG_PORT, protocol: 'udp' },
  omrelp: { host: 'target', port: 2514, protocol: 'relp' },
  omelasticsearch: { host: 'server', port: 9200, protocol: 'http' },
  omhttp: { host: 'server', port: 443, protocol: 'https' },
  omkafka: { host: 'broker', port: 9092, protocol: 'kafka' },
};

function action(body: string): Target[] {
  const parameters = new Map(
    [...body.matchAll(/([\w.]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|\[\s*"([^"]*)")/g)].map(([, name = '', double, single, first]) => [
      name.toLowerCase(),
      double ?? single ?? first ?? '',
    ]),
  );
  const module = MODULES[parameters.get('type')?.toLowerCase() ?? ''];
  const named = module === undefined ? undefined : parameters.get(module.host);
  if (module === undefined || named === undefined || named === '') return [];
  const { host, port } = hostAndPort(named);
  const tls = parameters.get('streamdrivermode') === '1' || parameters.get('tls') === 'on';
  const port_ = Number(parameters.get('port') ?? parameters.get('serverport') ?? port ?? module.port);
  return [{ host, port: port_, protocol: tls ? 'tls' : (parameters.get('protocol') ?? module.protocol), what: '' }];
}

/** `destination d { network("host" port(6514) transport("tls")); };` Sources name the same drivers and are left out. */
export function syslogNgTargets(text: string): Target[] {
  const plain = text.replaceAll(/^\s*#.*$/gm, '');
  return [...plain.matchAll(/\bdestination\s+[\w"-]*\s*\{([\s\S]*?)\}\s*;/g)].flatMap(([, body = '']) =>
    [...body.matchAll(/\b(network|syslog|tcp6?|udp6?)\s*\(\s*"([^"]+)"([^;]*)/g)].map(([, driver = '', host = '', rest = '']) => ({
      host,
      port: Number(/\bport\s*\(\s*"?(\d+)/.exec(rest)?.[1] ?? (driver === 'syslog' ? 601 : SYSLOG_PORT)),
      protocol: /\btransport\s*\(\s*"?([\w-]+)/.exec(rest)?.[1] ?? (driver.startsWith('udp') ? 'udp' : 'tcp'),
      what: '',
    })),
  );
}

/** journal-upload.conf(5): the last `URL=`. */
export function journalTargets(text: string): Target[] {
  const urls = [...text.matchAll(/^\s*URL\s*=\s*(\S+)\s*$/gm)].map(([, url = '']) => url);
  const last = urls.at(-1);
  if (last === undefined) return [];
  const { host, port } = hostAndPort(last);
  return [{ host, port: port ?? 19532, protocol: last.startsWith('http:') ? 'http' : 'https', what: 'journal' }];
}

/** `SYSLOGD_OPTS="-R loghost:514 -L"` */
export function busyboxTargets(text: string): Target[] {
  return [...text.matchAll(/^\s*(?:SYSLOGD_OPTS|SYSLOG_OPTS|OPTIONS)=.*?-R\s*([^\s"']+)/gm)].map(([, target = '']) => {
    const { host, port } = hostAndPort(target);
    return { host, port: port ?? SYSLOG_PORT, protocol: 'udp', what: '' };
  });
}

/** Of an address or a URL; who logs in there is nobody's business here. */
function hostAndPort(target: string): { readonly host: string; readonly port?: number } {
  const authority = target
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '');
  const [, six, name = authority, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(authority) ?? [];
  return { host: six ?? name, ...(port === undefined ? {} : { port: Number(port) }) };
}
