/** Hosts of an inventory file, with the variables of their groups: what a login needs of them, and nothing else. */
import { readFile, stat } from 'node:fs/promises';
import { requirePlain } from 'drifttrail';
import { codeOf } from '../filesystem.ts';
import { readIni } from './ini.ts';
import { type Groups, refuse, type Variables } from './model.ts';
import { readYaml } from './yaml.ts';

/** As `hosts:` of the configuration has it, unchecked. */
export interface ListedHost {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** `leftOut` says why a host that stands there is none to log in to. Throws DrifttrailError. */
export async function loadInventory(
  path: string,
  wanted: readonly string[] | undefined,
  leftOut: (text: string) => void,
): Promise<ListedHost[]> {
  const text = await contentOf(path);
  const groups = /\.(ya?ml|json)$/i.test(path) ? readYaml(text, path) : readIni(text, path);
  const unknown = wanted?.find((name) => name !== 'all' && !groups.has(name));
  if (unknown !== undefined) throw refuse(path, `has no group ${unknown}`, `its groups: ${[...groups.keys()].join(', ')}`);
  const chosen = new Set((wanted ?? ['all']).flatMap((name) => [...hostsIn(groups, name, new Set())]));
  const hosts = [...chosen].sort().flatMap((name) => {
    const vars = variablesOf(groups, name);
    const connection = vars['ansible_connection'];
    if (connection === undefined || ['ssh', 'smart', 'paramiko', 'paramiko_ssh'].includes(String(connection)))
      return [hostOf(path, name, vars)];
    leftOut(`inventory ${path}: ${name} is left out: its connection is ${connection}`);
    return [];
  });
  if (hosts.length === 0) throw refuse(path, 'names no host', 'list names, one a line, or groups with hosts');
  return hosts;
}

async function contentOf(path: string): Promise<string> {
  let text: string;
  try {
    const stats = await stat(path);
    requirePlain(path);
    if (stats.isDirectory()) throw refuse(path, 'is a folder', 'name one file of it');
    text = await readFile(path, 'utf8');
    if ((stats.mode & 0o111) !== 0 && text.startsWith('#!'))
      throw refuse(path, 'is a program', 'save what it lists: ansible-inventory --list --yaml --output hosts.yaml');
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string' && (error as NodeJS.ErrnoException).errno !== undefined)
      throw refuse(path, `cannot be read (${codeOf(error)})`, 'relative paths start at the deployment');
    throw error;
  }
  if (text.startsWith('$ANSIBLE_VAULT')) throw refuse(path, 'is encrypted by vault', 'keep names and addresses in a file of their own');
  return text;
}

/** Everything that stands anywhere belongs to `all`. */
function hostsIn(groups: Groups, name: string, seen: Set<string>): Set<string> {
  if (name === 'all') return new Set([...groups.values()].flatMap(({ hosts }) => [...hosts.keys()]));
  if (seen.has(name)) return new Set();
  seen.add(name);
  const group = groups.get(name);
  const below = [...(group?.children ?? [])].flatMap((child) => [...hostsIn(groups, child, seen)]);
  return new Set([...(group?.hosts.keys() ?? []), ...below]);
}

/** Of the groups a host is in the outermost counts least, `all` least of all; its own variables count most. */
function variablesOf(groups: Groups, host: string): Variables {
  const depths = new Map<string, number>();
  const visit = (name: string, depth: number, path: ReadonlySet<string>) => {
    if (path.has(name)) return;
    if ((depths.get(name) ?? -1) < depth) depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) visit(child, depth + 1, new Set([...path, name]));
  };
  for (const name of groups.keys()) visit(name, name === 'all' ? 0 : 1, new Set());
  const mine = [...groups.keys()].filter((name) => name === 'all' || hostsIn(groups, name, new Set()).has(host));
  mine.sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || (a < b ? -1 : 1));
  return Object.assign(
    {},
    ...mine.map((name) => groups.get(name)?.vars ?? {}),
    ...mine.map((name) => groups.get(name)?.hosts.get(host) ?? {}),
  );
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  identity: ['ansible_ssh_private_key_file'],
  sudo: ['ansible_become'],
};

function hostOf(path: string, name: string, vars: Variables): ListedHost {
  const found = Object.entries(NAMES).flatMap(([option, keys]): [string, unknown][] => {
    const key = keys.find((each) => vars[each] !== undefined && vars[each] !== null);
    if (key === undefined) return [];
    const value = vars[key];
    if (typeof value === 'string' && /\{\{|^\$ANSIBLE_VAULT/.test(value))
      throw refuse(path, `${key} of ${name} is a template or encrypted`, 'write the value itself');
    if (option === 'port') return [[option, Number(value)]];
    return [[option, option === 'sudo' ? /^(true|yes|1|on)$/i.test(String(value)) : String(value)]];
  });
  const jump = /(?:^|\s)-J\s*(\S+)|ProxyJump[= ]["']?([^\s"']+)/.exec(String(vars['ansible_ssh_common_args'] ?? ''));
  return { name, ...Object.fromEntries(found), ...(jump === null ? {} : { jump: jump[1] ?? jump[2] }) };
}
