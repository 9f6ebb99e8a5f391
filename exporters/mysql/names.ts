/** Names of kinds, accounts and the server's own databases. */

export const SERVER_KINDS = ['mysql.variable', 'mysql.account', 'mysql.plugin', 'mysql.replication', 'mysql.database'] as const;
export const DATABASE_KINDS = ['mysql.table', 'mysql.view', 'mysql.procedure', 'mysql.function', 'mysql.trigger', 'mysql.event'] as const;
export const KINDS: readonly string[] = [...SERVER_KINDS, ...DATABASE_KINDS];

export const OWN_DATABASES: ReadonlySet<string> = new Set(['mysql', 'sys', 'information_schema', 'performance_schema']);

export const ident = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** `alice@%`; a role has a name alone. */
export function accountId(user: string, host: string | undefined): string {
  return host === undefined
    ? user.replaceAll('%', '%25').replaceAll('@', '%40')
    : `${user.replaceAll('%', '%25').replaceAll('@', '%40')}@${host}`;
}

/** As statements name it. */
export function accountName(id: string): string {
  const at = id.indexOf('@');
  const plain = (text: string) => text.replaceAll('%40', '@').replaceAll('%25', '%');
  return at < 0 ? ident(plain(id)) : `${ident(plain(id.slice(0, at)))}@${ident(id.slice(at + 1))}`;
}
