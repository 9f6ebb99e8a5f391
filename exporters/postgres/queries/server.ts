/** What the whole server shares: settings, who may connect, roles, databases, tablespaces, replication. */
import { grants, type Reader, settings } from './parts.ts';

/** Those that say what our own connection is, not what the server is: a client's or a session's, or set for our role. */
const NOT_OURS = `source NOT IN ('client', 'session', 'user', 'database', 'database user', 'interactive', 'test')`;
/** Read by whoever asks, each time another. */
const SESSION_ONLY = `'transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'seed', 'is_superuser', 'session_authorization', 'role'`;

const hbaList = (list: string) => `nullif(array_to_string(${list}, ','), '')`;

export const serverReaders: readonly Reader[] = [
  {
    kind: 'postgres.setting',
    scope: 'server',
    remedy: 'GRANT pg_read_all_settings TO the role',
    sql: () => `SELECT 'setting' AS id, jsonb_object_agg(name, jsonb_strip_nulls(jsonb_build_object(
        'value', setting, 'unit', unit, 'source', source, 'file', sourcefile,
        'restart', CASE WHEN context = 'postmaster' THEN true END,
        'pendingRestart', CASE WHEN pending_restart THEN true END))) AS config,
        -- Whoever may not see all settings sees fewer rows, and no error.
        pg_has_role(current_user, 'pg_read_all_settings', 'MEMBER') AS allowed
      FROM pg_settings WHERE ${NOT_OURS} AND name NOT IN (${SESSION_ONLY})`,
  },
  {
    kind: 'postgres.file-setting',
    scope: 'server',
    remedy:
      'GRANT SELECT ON pg_file_settings TO the role, GRANT EXECUTE ON FUNCTION pg_show_all_file_settings() TO the role, both in the database it connects to first',
    sql: () => `SELECT 'file-setting' AS id, coalesce(jsonb_object_agg(f.key, f.entry), '{}') AS config FROM (
        SELECT DISTINCT ON (coalesce(name, ''), sourcefile, applied) coalesce(name, 'unreadable line') || ' (' || sourcefile || CASE WHEN applied THEN ')' ELSE ', not applied)' END AS key,
          jsonb_strip_nulls(jsonb_build_object('value', setting, 'applied', applied, 'error', error)) AS entry
        FROM pg_file_settings ORDER BY coalesce(name, ''), sourcefile, applied, seqno DESC) f`,
  },
  {
    kind: 'postgres.hba-rule',
    scope: 'server',
    remedy:
      'GRANT SELECT ON pg_hba_file_rules TO the role, GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO the role, both in the database it connects to first',
    sql: () => `SELECT 'hba-rule' AS id, coalesce(string_agg(coalesce('# not understood: ' || error,
        concat_ws(' ', type, ${hbaList('database')}, ${hbaList('user_name')}, address || coalesce('/' || masklen(netmask::inet), ''), auth_method, nullif(array_to_string(options, ' '), ''))), E'\\n'
        ORDER BY line_number) || E'\\n', '') AS config FROM pg_hba_file_rules`,
  },
  {
    kind: 'postgres.ident-map',
    scope: 'server',
    remedy:
      'GRANT SELECT ON pg_ident_file_mappings TO the role, GRANT EXECUTE ON FUNCTION pg_ident_file_mappings() TO the role, both in the database it connects to first',
    sql: (version) =>
      version < 150000
        ? undefined
        : `SELECT 'ident-map' AS id, coalesce(string_agg(coalesce('# not understood: ' || error, concat_ws(' ', map_name, sys_name, pg_username)), E'\\n'
        ORDER BY line_number) || E'\\n', '') AS config FROM pg_ident_file_mappings`,
  },
  {
    kind: 'postgres.role',
    scope: 'server',
    sql: (version) => `SELECT quote_ident(r.rolname) AS id, jsonb_strip_nulls(jsonb_build_object(
        'superuser', r.rolsuper, 'inherit', r.rolinherit, 'createRole', r.rolcreaterole, 'createDatabase', r.rolcreatedb,
        'login', r.rolcanlogin, 'replication', r.rolreplication, 'bypassRowSecurity', r.rolbypassrls,
        'connectionLimit', nullif(r.rolconnlimit, -1),
        'validUntil', CASE WHEN r.rolvaliduntil = 'infinity' THEN 'infinity' ELSE to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
        'memberOf', (SELECT jsonb_object_agg(quote_ident(pg_get_userbyid(m.roleid)), m.options) FROM (
          SELECT roleid, ${membership(version)} AS options FROM pg_auth_members WHERE member = r.oid GROUP BY roleid) m),
        'settings', (SELECT jsonb_object_agg(CASE s.setdatabase WHEN 0 THEN 'everywhere' ELSE 'in ' || quote_ident(d.datname) END, ${settings('s.setconfig')})
          FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase WHERE s.setrole = r.oid),
        'comment', shobj_description(r.oid, 'pg_authid'))) AS config
      FROM pg_roles r WHERE r.rolname !~ '^pg_'`,
  },
  {
    kind: 'postgres.password',
    scope: 'server',
    remedy: 'only a superuser may read pg_authid',
    sql: () => `SELECT 'password' AS id, coalesce(jsonb_object_agg(quote_ident(rolname), jsonb_build_object(
        'method', CASE WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256' WHEN rolpassword ~ '^md5[0-9a-f]{32}$' THEN 'md5' ELSE 'other' END,
        'verifier', rolpassword)), '{}') AS config FROM pg_authid WHERE rolpassword IS NOT NULL`,
  },
  {
    kind: 'postgres.database',
    scope: 'server',
    sql: (version) => `SELECT quote_ident(d.datname) AS id, jsonb_strip_nulls(jsonb_build_object(
        'owner', quote_ident(pg_get_userbyid(d.datdba)), 'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
        ${version >= 150000 ? `'localeProvider', CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' ELSE 'builtin' END,` : ''}
        'template', d.datistemplate, 'allowConnections', d.datallowconn, 'connectionLimit', nullif(d.datconnlimit, -1),
        'tablespace', quote_ident(t.spcname), 'settings', (SELECT ${settings('s.setconfig')} FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = 0),
        'grants', ${grants('d.datacl', 'd', 'd.datdba')}, 'comment', shobj_description(d.oid, 'pg_database'))) AS config
      FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace`,
  },
  {
    kind: 'postgres.tablespace',
    scope: 'server',
    sql: () => `SELECT quote_ident(t.spcname) AS id, jsonb_strip_nulls(jsonb_build_object(
        'owner', quote_ident(pg_get_userbyid(t.spcowner)), 'location', nullif(pg_tablespace_location(t.oid), ''),
        'options', ${settings('t.spcoptions')}, 'grants', ${grants('t.spcacl', 't', 't.spcowner')})) AS config FROM pg_tablespace t`,
  },
  {
    kind: 'postgres.replication-slot',
    scope: 'server',
    sql: (
      version,
    ) => `SELECT quote_ident(slot_name) AS id, jsonb_strip_nulls(jsonb_build_object('type', slot_type, 'plugin', plugin, 'database', database,
        ${version >= 140000 ? `'twoPhase', two_phase,` : ''} ${version >= 170000 ? `'failover', failover,` : ''} 'temporary', temporary)) AS config
      FROM pg_replication_slots WHERE NOT temporary`,
  },
  {
    kind: 'postgres.parameter-grant',
    scope: 'server',
    sql: (version) =>
      version < 150000
        ? undefined
        : `SELECT 'parameter-grant' AS id, coalesce(jsonb_object_agg(p.parname, ${grants('p.paracl', 'p', '10::oid')}), '{}') AS config FROM pg_parameter_acl p`,
  },
];

function membership(version: number): string {
  const newer =
    version < 160000
      ? ''
      : `, 'inherit', CASE WHEN bool_or(inherit_option) THEN NULL ELSE false END, 'set', CASE WHEN bool_or(set_option) THEN NULL ELSE false END`;
  return `jsonb_strip_nulls(jsonb_build_object('admin', bool_or(admin_option)${newer}))`;
}
