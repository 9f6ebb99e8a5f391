/** What a database shares with other servers: foreign data, publications, subscriptions. */
import { fdwOptions, grants, type Reader } from './parts.ts';

export const foreignReaders: readonly Reader[] = [
  {
    kind: 'postgres.foreign-server',
    scope: 'database',
    sql: () => `SELECT quote_ident(s.srvname) AS id, jsonb_strip_nulls(jsonb_build_object('wrapper', quote_ident(w.fdwname), 'type', s.srvtype, 'version', s.srvversion,
        'owner', quote_ident(pg_get_userbyid(s.srvowner)), 'options', ${fdwOptions('s.srvoptions')}, 'grants', ${grants('s.srvacl', 'S', 's.srvowner')})) AS config
      FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`,
  },
  {
    kind: 'postgres.foreign-data-wrapper',
    scope: 'database',
    sql: () => `SELECT quote_ident(w.fdwname) AS id, jsonb_strip_nulls(jsonb_build_object('owner', quote_ident(pg_get_userbyid(w.fdwowner)),
        'handler', nullif(w.fdwhandler, 0)::regproc, 'validator', nullif(w.fdwvalidator, 0)::regproc,
        'options', ${fdwOptions('w.fdwoptions')}, 'grants', ${grants('w.fdwacl', 'F', 'w.fdwowner')})) AS config
      FROM pg_foreign_data_wrapper w`,
  },
  {
    kind: 'postgres.user-mapping',
    scope: 'database',
    remedy: 'only a superuser sees the options of all user mappings',
    sql: () => `SELECT quote_ident(m.srvname) || '.' || CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END AS id,
        jsonb_strip_nulls(jsonb_build_object('server', quote_ident(m.srvname), 'user', CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END,
        'options', ${fdwOptions('m.umoptions')})) AS config,
        (m.umoptions IS NOT NULL OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)) AS allowed
      FROM pg_user_mappings m`,
  },
  {
    kind: 'postgres.publication',
    scope: 'database',
    sql: (
      version,
    ) => `SELECT quote_ident(p.pubname) AS id, jsonb_strip_nulls(jsonb_build_object('owner', quote_ident(pg_get_userbyid(p.pubowner)), 'allTables', p.puballtables,
        'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete, 'truncate', p.pubtruncate, ${version >= 130000 ? `'viaRoot', p.pubviaroot,` : ''}
        ${version >= 150000 ? `'schemas', (SELECT jsonb_agg(quote_ident(n.nspname)) FROM pg_publication_namespace x JOIN pg_namespace n ON n.oid = x.pnnspid WHERE x.pnpubid = p.oid),` : ''}
        'tables', (SELECT jsonb_object_agg(format('%I.%I', n.nspname, c.relname), jsonb_strip_nulls(jsonb_build_object(
          ${version >= 150000 ? `'where', pg_get_expr(r.prqual, r.prrelid), 'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))` : ''})))
          FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid))) AS config
      FROM pg_publication p`,
  },
  {
    kind: 'postgres.subscription',
    scope: 'database',
    sql: (
      version,
    ) => `SELECT quote_ident(s.subname) AS id, jsonb_strip_nulls(jsonb_build_object('owner', quote_ident(pg_get_userbyid(s.subowner)), 'enabled', s.subenabled,
        'slot', s.subslotname, 'synchronousCommit', s.subsynccommit, 'publications', to_jsonb(s.subpublications)
        ${version >= 140000 ? `, 'binary', s.subbinary, 'streaming', s.substream` : ''} ${version >= 160000 ? `, 'origin', s.suborigin, 'passwordRequired', s.subpasswordrequired, 'runAsOwner', s.subrunasowner` : ''})) AS config
      FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  },
  {
    kind: 'postgres.subscription-connection',
    scope: 'database',
    remedy: 'only a superuser may read pg_subscription.subconninfo',
    empty: `SELECT 1 FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    sql: () => `SELECT quote_ident(s.subname) AS id, jsonb_build_object('connection', s.subconninfo) AS config
      FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  },
];
