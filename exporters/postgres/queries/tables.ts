/** What holds data: tables with their columns and constraints, indexes, sequences, statistics; and who may do what with it. */
import { comment, fdwOptions, grants, NO_MEMBER, OWN_SCHEMA, owner, type Reader, statements, withOptions } from './parts.ts';

const NAME = `format('%I.%I', n.nspname, c.relname)`;
const RELATIONS = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
const OURS = `${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_class', 'c.oid')}`;
/** The storage that a type has by itself is not worth telling. */
const columns = (version: number) => `(SELECT jsonb_object_agg(a.attname, jsonb_strip_nulls(jsonb_build_object(
      'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', CASE WHEN a.attnotnull THEN true END,
      'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
      'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
      'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
      'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('%I.%I', cn.nspname, co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END,
      'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END,
      ${version >= 140000 ? `'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,` : ''}
      'statistics', nullif(a.attstattarget, -1), 'options', to_jsonb(a.attoptions), 'inherited', CASE WHEN NOT a.attislocal THEN true END,
      'foreignOptions', ${fdwOptions('a.attfdwoptions')}, 'comment', col_description(c.oid, a.attnum))))
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

export const tableReaders: readonly Reader[] = [
  {
    kind: 'postgres.table',
    scope: 'database',
    sql: (version) => `SELECT n.nspname AS schema, ${NAME} AS id, jsonb_strip_nulls(jsonb_build_object(
        'type', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE 'foreign table' END,
        'owner', quote_ident(pg_get_userbyid(c.relowner)), 'columns', coalesce(${columns(version)}, '{}'),
        'constraints', (SELECT jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 't' AND k.contype <> 'n'),
        'rowSecurity', c.relrowsecurity, 'forceRowSecurity', c.relforcerowsecurity,
        'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
        'accessMethod', (SELECT nullif(m.amname, 'heap') FROM pg_am m WHERE m.oid = c.relam),
        'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace), 'options', to_jsonb(c.reloptions),
        'replicaIdentity', CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END,
        'parents', (SELECT jsonb_agg(format('%I.%I', pn.nspname, p.relname) ORDER BY i.inhseqno) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid),
        'partitionBy', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, 'partition', pg_get_expr(c.relpartbound, c.oid),
        'server', quote_ident(fs.srvname), 'foreignOptions', ${fdwOptions('ft.ftoptions')},
        'comment', obj_description(c.oid, 'pg_class'))) AS config
      FROM ${RELATIONS} LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
      WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND ${OURS}`,
  },
  {
    kind: 'postgres.index',
    scope: 'database',
    // Those of constraints stand with their table.
    sql: () => `SELECT n.nspname AS schema, ${NAME} AS id, ${statements(
      `pg_get_indexdef(i.indexrelid) || ';'`,
      `CASE WHEN i.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I;', i.indrelid::regclass, c.relname) END`,
      `CASE WHEN NOT i.indisvalid THEN '-- invalid: it is kept up but not used' END`,
      comment(`'INDEX ' || ${NAME}`, `obj_description(c.oid, 'pg_class')`),
    )} AS config
      FROM pg_index i JOIN ${RELATIONS.replace('pg_class c', 'pg_class c ON c.oid = i.indexrelid')}
      WHERE c.relpersistence <> 't' AND ${OURS} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`,
  },
  {
    kind: 'postgres.sequence',
    scope: 'database',
    // Those of identity columns belong to their column; the value is data.
    sql: () => `SELECT n.nspname AS schema, ${NAME} AS id, ${statements(
      `format('CREATE%s SEQUENCE %s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s;', CASE WHEN c.relpersistence = 'u' THEN ' UNLOGGED' ELSE '' END, ${NAME}, format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END)`,
      owner(`'SEQUENCE ' || ${NAME}`, 'c.relowner'),
      `(SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I;', ${NAME}, d.refobjid::regclass, a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a')`,
      comment(`'SEQUENCE ' || ${NAME}`, `obj_description(c.oid, 'pg_class')`),
    )} AS config
      FROM pg_sequence s JOIN ${RELATIONS.replace('pg_class c', 'pg_class c ON c.oid = s.seqrelid')}
      WHERE c.relpersistence <> 't' AND ${OURS}
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')`,
  },
  {
    kind: 'postgres.view',
    scope: 'database',
    sql: () =>
      `SELECT n.nspname AS schema, ${NAME} AS id, ${statements(
        `'CREATE OR REPLACE VIEW ' || ${NAME} || ${withOptions('c.reloptions')} || ' AS'`,
        `pg_get_viewdef(c.oid)`,
        owner(`'VIEW ' || ${NAME}`, 'c.relowner'),
        comment(`'VIEW ' || ${NAME}`, `obj_description(c.oid, 'pg_class')`),
      )} AS config FROM ${RELATIONS} WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND ${OURS}`,
  },
  {
    kind: 'postgres.materialized-view',
    scope: 'database',
    sql: () =>
      `SELECT n.nspname AS schema, ${NAME} AS id, ${statements(
        `'CREATE MATERIALIZED VIEW ' || ${NAME} || ${withOptions('c.reloptions')} || ' AS'`,
        `pg_get_viewdef(c.oid)`,
        owner(`'MATERIALIZED VIEW ' || ${NAME}`, 'c.relowner'),
        comment(`'MATERIALIZED VIEW ' || ${NAME}`, `obj_description(c.oid, 'pg_class')`),
      )} AS config FROM ${RELATIONS} WHERE c.relkind = 'm' AND ${OURS}`,
  },
  {
    kind: 'postgres.statistics',
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, format('%I.%I', n.nspname, s.stxname) AS id, pg_get_statisticsobjdef(s.oid) || E';\\n' AS config
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_statistic_ext', 's.oid')}`,
  },
  {
    kind: 'postgres.grant',
    scope: 'database',
    sql: () => `SELECT g.schema, quote_ident(g.schema) AS id, coalesce(jsonb_object_agg(g.object, g.grants) FILTER (WHERE g.grants <> '{}'), '{}') AS config FROM (
        SELECT n.nspname AS schema, 'schema ' || quote_ident(n.nspname) AS object, ${grants('n.nspacl', 'n', 'n.nspowner')} AS grants
          FROM pg_namespace n WHERE ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_namespace', 'n.oid')}
        UNION ALL SELECT n.nspname, 'table ' || ${NAME}, ${grants('c.relacl', 'r', 'c.relowner')}
          FROM ${RELATIONS} WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' AND ${OURS}
        UNION ALL SELECT n.nspname, 'sequence ' || ${NAME}, ${grants('c.relacl', 's', 'c.relowner')}
          FROM ${RELATIONS} WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${OURS}
        UNION ALL SELECT n.nspname, 'column ' || format('%s.%I', ${NAME}, a.attname), ${grants('a.attacl', 'c', 'c.relowner')}
          FROM ${RELATIONS} JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relpersistence <> 't' AND ${OURS}
        UNION ALL SELECT n.nspname, CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)), ${grants('p.proacl', 'f', 'p.proowner')}
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_proc', 'p.oid')}
        UNION ALL SELECT n.nspname, 'type ' || format('%I.%I', n.nspname, t.typname), ${grants('t.typacl', 'T', 't.typowner')}
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_type', 't.oid')}
      ) g GROUP BY g.schema`,
  },
  {
    kind: 'postgres.default-privilege',
    scope: 'database',
    sql: () => `SELECT 'default-privilege' AS id, coalesce(jsonb_object_agg(d.key, d.grants), '{}') AS config FROM (
        SELECT CASE f.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE f.defaclobjtype::text END
          || ' of ' || quote_ident(pg_get_userbyid(f.defaclrole)) || coalesce(' in ' || quote_ident(n.nspname), '') AS key, (SELECT coalesce(jsonb_object_agg(g.grantee, g.privileges), '{}') FROM (
          SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee,
            jsonb_agg(DISTINCT (a.privilege_type || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)) AS privileges
          FROM aclexplode(f.defaclacl) a GROUP BY 1) g) AS grants
        FROM pg_default_acl f LEFT JOIN pg_namespace n ON n.oid = f.defaclnamespace) d`,
  },
];
