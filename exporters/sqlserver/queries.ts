/** What is asked of SQL Server's catalogue, a question a kind. Every answer is a row of JSON an object. */

interface Query {
  /** The columns `id`, then what is kept. */
  readonly sql: string;
  /** Rows that we may not see are left out without a word: this tells whether we see all. 1 when we do. */
  readonly sees: string;
}

const ANY_DEFINITION = "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION')";
const DEFINITION = "HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION')";

const NUMBER = 'CAST(g.major_id AS nvarchar(20))';
/** Numbers of schemas and of objects overlap: what one stands for, only its class tells. */
const ON = {
  server: NUMBER,
  database: `CASE g.class WHEN 1 THEN OBJECT_SCHEMA_NAME(g.major_id) + N'.' + OBJECT_NAME(g.major_id) WHEN 3 THEN SCHEMA_NAME(g.major_id) ELSE ${NUMBER} END`,
} as const;

/** As statements grant it: `GRANT SELECT ON OBJECT::dbo.orders`. Rights on single columns have a minor id. */
const grants = (scope: 'server' | 'database', principal: string): string => `(
  SELECT g.state_desc AS state, g.permission_name AS permission, g.class_desc AS class, ${ON[scope]} AS [on]
  FROM sys.${scope}_permissions g WHERE g.grantee_principal_id = ${principal} AND g.minor_id = 0 FOR JSON PATH)`;

const members = (scope: 'server' | 'database', principal: string): string => `(
  SELECT r.name AS role FROM sys.${scope}_role_members m JOIN sys.${scope}_principals r ON r.principal_id = m.role_principal_id
  WHERE m.member_principal_id = ${principal} FOR JSON PATH)`;

const columns = `(
  SELECT c.name, TYPE_NAME(c.user_type_id) AS type, c.max_length AS length, c.precision, c.scale, c.is_nullable AS nullable, c.is_identity AS [identity],
    c.is_computed AS computed, c.is_masked AS masked, c.collation_name AS collation, d.definition AS [default], k.definition AS formula, c.column_id AS position
  FROM sys.columns c
  LEFT JOIN sys.default_constraints d ON d.object_id = c.default_object_id
  LEFT JOIN sys.computed_columns k ON k.object_id = c.object_id AND k.column_id = c.column_id
  WHERE c.object_id = t.object_id FOR JSON PATH)`;

const indexes = `(
  SELECT i.name, i.type_desc AS type, i.is_unique AS [unique], i.is_primary_key AS primaryKey, i.is_disabled AS disabled, i.filter_definition AS filter,
    (SELECT COL_NAME(ic.object_id, ic.column_id) AS name, ic.is_descending_key AS descending, ic.is_included_column AS included
     FROM sys.index_columns ic WHERE ic.object_id = i.object_id AND ic.index_id = i.index_id ORDER BY ic.is_included_column, ic.key_ordinal, ic.index_column_id FOR JSON PATH) AS columns
  FROM sys.indexes i WHERE i.object_id = t.object_id AND i.name IS NOT NULL AND i.is_hypothetical = 0 FOR JSON PATH)`;

const constraints = `(
  SELECT u.* FROM (
  SELECT c.name, N'check' AS type, c.definition, c.is_disabled AS disabled, c.is_not_trusted AS untrusted FROM sys.check_constraints c WHERE c.parent_object_id = t.object_id
  UNION ALL
  SELECT f.name, N'foreign key', OBJECT_SCHEMA_NAME(f.referenced_object_id) + N'.' + OBJECT_NAME(f.referenced_object_id) + N' on delete ' + f.delete_referential_action_desc, f.is_disabled, f.is_not_trusted
  FROM sys.foreign_keys f WHERE f.parent_object_id = t.object_id) u FOR JSON PATH)`;

const module = (types: string): Query => ({
  sql: `SELECT SCHEMA_NAME(o.schema_id) + N'.' + o.name AS id, m.definition, OBJECTPROPERTY(o.object_id, 'IsEncrypted') AS encrypted,
  CAST(m.uses_ansi_nulls AS int) AS ansiNulls, CAST(m.uses_quoted_identifier AS int) AS quotedIdentifier
FROM sys.objects o JOIN sys.sql_modules m ON m.object_id = o.object_id WHERE o.type IN (${types}) AND o.is_ms_shipped = 0`,
  sees: DEFINITION,
});

export const SERVER: Readonly<Record<string, Query>> = {
  configuration: {
    sql: 'SELECT name AS id, CAST(value AS bigint) AS configured, CAST(value_in_use AS bigint) AS effective FROM sys.configurations',
    sees: '1',
  },
  login: {
    sql: `SELECT p.name AS id, p.type_desc AS type, p.is_disabled AS disabled, p.default_database_name AS [database], s.is_policy_checked AS policyChecked,
  s.is_expiration_checked AS expirationChecked, CONVERT(nvarchar(30), LOGINPROPERTY(p.name, 'PasswordLastSetTime'), 126) AS passwordSet,
  ${members('server', 'p.principal_id')} AS roles, ${grants('server', 'p.principal_id')} AS grants
FROM sys.server_principals p LEFT JOIN sys.sql_logins s ON s.principal_id = p.principal_id WHERE p.name NOT LIKE N'##%##'`,
    sees: ANY_DEFINITION,
  },
  database: {
    sql: `SELECT name AS id, SUSER_SNAME(owner_sid) AS owner, state_desc AS state, recovery_model_desc AS recovery, compatibility_level AS compatibility, collation_name AS collation,
  containment_desc AS containment, is_trustworthy_on AS trustworthy, is_db_chaining_on AS chaining, is_read_only AS readOnly, is_encrypted AS encrypted,
  page_verify_option_desc AS pageVerify, snapshot_isolation_state_desc AS snapshotIsolation, is_read_committed_snapshot_on AS readCommittedSnapshot,
  is_auto_close_on AS autoClose, is_auto_shrink_on AS autoShrink, is_broker_enabled AS broker FROM sys.databases WHERE name <> N'tempdb'`,
    sees: "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE')",
  },
  'linked-server': {
    sql: `SELECT s.name AS id, s.product, s.provider, s.data_source AS source, s.is_rpc_out_enabled AS rpcOut, s.is_data_access_enabled AS dataAccess,
  (SELECT SUSER_NAME(l.local_principal_id) AS local, l.remote_name AS remote, l.uses_self_credential AS self FROM sys.linked_logins l WHERE l.server_id = s.server_id FOR JSON PATH) AS logins
FROM sys.servers s WHERE s.server_id <> 0`,
    sees: ANY_DEFINITION,
  },
  job: {
    sql: `SELECT j.name AS id, j.enabled, j.description, SUSER_SNAME(j.owner_sid) AS owner,
  (SELECT t.step_id AS step, t.step_name AS name, t.subsystem, t.database_name AS [database], t.command, t.on_success_action AS onSuccess, t.on_fail_action AS onFail
   FROM msdb.dbo.sysjobsteps t WHERE t.job_id = j.job_id ORDER BY t.step_id FOR JSON PATH) AS steps,
  (SELECT c.name, c.enabled, c.freq_type AS frequency, c.freq_interval AS interval, c.freq_subday_type AS subdayType, c.freq_subday_interval AS subdayInterval, c.active_start_time AS [start]
   FROM msdb.dbo.sysjobschedules a JOIN msdb.dbo.sysschedules c ON c.schedule_id = a.schedule_id WHERE a.job_id = j.job_id FOR JSON PATH) AS schedules
FROM msdb.dbo.sysjobs j`,
    sees: "IIF(HAS_PERMS_BY_NAME('msdb.dbo.sysjobs', 'OBJECT', 'SELECT') = 1 AND HAS_PERMS_BY_NAME('msdb.dbo.sysjobsteps', 'OBJECT', 'SELECT') = 1 AND HAS_PERMS_BY_NAME('msdb.dbo.sysjobschedules', 'OBJECT', 'SELECT') = 1, 1, 0)",
  },
};

export const DATABASE: Readonly<Record<string, Query>> = {
  user: {
    sql: `SELECT p.name AS id, p.type_desc AS type, p.default_schema_name AS [schema], p.authentication_type_desc AS authentication, SUSER_SNAME(p.sid) AS [login],
  ${members('database', 'p.principal_id')} AS roles, ${grants('database', 'p.principal_id')} AS grants
FROM sys.database_principals p WHERE p.is_fixed_role = 0`,
    sees: DEFINITION,
  },
  table: {
    sql: `SELECT SCHEMA_NAME(t.schema_id) + N'.' + t.name AS id, t.temporal_type_desc AS temporal, ${columns} AS columns,
  ${indexes} AS indexes, ${constraints} AS constraints FROM sys.tables t WHERE t.is_ms_shipped = 0`,
    sees: DEFINITION,
  },
  view: module("'V'"),
  procedure: module("'P'"),
  function: module("'FN', 'IF', 'TF'"),
  trigger: {
    ...module("'TR'"),
    sql: `SELECT COALESCE(OBJECT_SCHEMA_NAME(t.object_id) + N'.', N'') + t.name AS id, m.definition, OBJECTPROPERTY(t.object_id, 'IsEncrypted') AS encrypted, CAST(t.is_disabled AS int) AS disabled,
  CAST(m.uses_ansi_nulls AS int) AS ansiNulls, CAST(m.uses_quoted_identifier AS int) AS quotedIdentifier
FROM sys.triggers t JOIN sys.sql_modules m ON m.object_id = t.object_id WHERE t.is_ms_shipped = 0`,
  },
};

export const SERVER_WORDS: readonly string[] = Object.keys(SERVER);
export const DATABASE_WORDS: readonly string[] = Object.keys(DATABASE);

/** Every row one line of JSON, and a last line with how many there were and whether we see all. */
export function batch(name: string, { sql, sees }: Query): string {
  return `/* drifttrail ${name} */ SET NOCOUNT ON; SET QUOTED_IDENTIFIER ON;
SELECT (SELECT q.* FOR JSON PATH, WITHOUT_ARRAY_WRAPPER) AS j FROM (${sql}) q;
SELECT N'{"end":' + CAST(@@ROWCOUNT AS nvarchar(20)) + N',"sees":' + CAST(${sees} AS nvarchar(20)) + N'}' AS j;`;
}

/** `sees` is whether all of them are named to us; of one that is offline nobody can say whether we had access. */
export const DATABASES = batch('databases', {
  sql: 'SELECT name AS id, state_desc AS state, HAS_DBACCESS(name) AS access FROM sys.databases',
  sees: "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE')",
});
export const PROBE = batch('probe', {
  sql: "SELECT N'server' AS id, SUSER_SNAME() AS who, CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(40)) AS version, CAST(SERVERPROPERTY('ServerName') AS nvarchar(200)) AS name",
  sees: ANY_DEFINITION,
});
