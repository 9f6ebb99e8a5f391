/** What a database does by itself: routines, triggers, policies, rules; and the schemas, extensions and types they stand in. */
import { comment, NO_MEMBER, OWN_SCHEMA, owner, type Reader, statements } from './parts.ts';

const ROUTINE = `format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))`;
const ON_TABLE = `pg_class c ON c.oid = x.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace`;
const TABLE = `format('%I.%I', n.nspname, c.relname)`;
const TYPE = `format('%I.%I', n.nspname, t.typname)`;

function routines(kind: string, word: string, prokind: string): Reader {
  return {
    kind,
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, ${ROUTINE} AS id, ${statements(
      `rtrim(pg_get_functiondef(p.oid), E'\\n') || ';'`,
      owner(`'${word} ' || ${ROUTINE}`, 'p.proowner'),
      comment(`'${word} ' || ${ROUTINE}`, `obj_description(p.oid, 'pg_proc')`),
    )} AS config
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN (${prokind}) AND ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_proc', 'p.oid')}`,
  };
}

export const codeReaders: readonly Reader[] = [
  routines('postgres.function', 'FUNCTION', `'f', 'w'`),
  routines('postgres.procedure', 'PROCEDURE', `'p'`),
  {
    kind: 'postgres.aggregate',
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, ${ROUTINE} AS id, ${statements(
      `format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname, pg_get_function_arguments(p.oid))`,
      `concat_ws(E',\\n', '  SFUNC = ' || a.aggtransfn::regproc, '  STYPE = ' || format_type(a.aggtranstype, NULL), '  SSPACE = ' || nullif(a.aggtransspace, 0),
        '  FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc, '  COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc, '  SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
        '  DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc, '  INITCOND = ' || quote_literal(a.agginitval), '  MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
        '  MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc, '  MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), NULL), '  MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
        '  MINITCOND = ' || quote_literal(a.aggminitval),
        '  SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', on_.nspname, o.oprname) FROM pg_operator o JOIN pg_namespace on_ ON on_.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
        '  PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END, CASE WHEN a.aggkind = 'h' THEN '  HYPOTHETICAL' END)`,
      `');'`,
      owner(`'AGGREGATE ' || ${ROUTINE}`, 'p.proowner'),
      comment(`'AGGREGATE ' || ${ROUTINE}`, `obj_description(p.oid, 'pg_proc')`),
    )} AS config
      FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_proc', 'p.oid')}`,
  },
  {
    kind: 'postgres.trigger',
    scope: 'database',
    sql: (version) => `SELECT n.nspname AS schema, format('%s.%I', ${TABLE}, x.tgname) AS id, ${statements(
      `pg_get_triggerdef(x.oid) || ';'`,
      `CASE x.tgenabled WHEN 'D' THEN format('ALTER TABLE %s DISABLE TRIGGER %I;', ${TABLE}, x.tgname) WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I;', ${TABLE}, x.tgname)
         WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', ${TABLE}, x.tgname) END`,
      comment(`format('TRIGGER %I ON %s', x.tgname, ${TABLE})`, `obj_description(x.oid, 'pg_trigger')`),
    )} AS config
      FROM pg_trigger x JOIN ${ON_TABLE} WHERE NOT x.tgisinternal ${version >= 130000 ? 'AND x.tgparentid = 0' : ''} AND c.relpersistence <> 't'
        AND ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_trigger', 'x.oid')}`,
  },
  {
    kind: 'postgres.event-trigger',
    scope: 'database',
    sql: () =>
      `SELECT quote_ident(e.evtname) AS id, ${statements(
        `format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s();', e.evtname, e.evtevent,
        ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(g), ', ' ORDER BY g COLLATE "C") FROM unnest(e.evttags) g) || ')', e.evtfoid::regproc)`,
        `CASE e.evtenabled WHEN 'D' THEN format('ALTER EVENT TRIGGER %I DISABLE;', e.evtname) WHEN 'R' THEN format('ALTER EVENT TRIGGER %I ENABLE REPLICA;', e.evtname)
         WHEN 'A' THEN format('ALTER EVENT TRIGGER %I ENABLE ALWAYS;', e.evtname) END`,
        owner(`'EVENT TRIGGER ' || quote_ident(e.evtname)`, 'e.evtowner'),
      )} AS config FROM pg_event_trigger e WHERE ${NO_MEMBER('pg_event_trigger', 'e.oid')}`,
  },
  {
    kind: 'postgres.policy',
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, format('%s.%I', ${TABLE}, y.polname) AS id, ${statements(
      `format('CREATE POLICY %I ON %s AS %s', y.polname, ${TABLE}, CASE WHEN y.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END)`,
      `'  FOR ' || CASE y.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END`,
      `'  TO ' || (SELECT string_agg(r.name, ', ' ORDER BY r.name COLLATE "C") FROM (SELECT CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END AS name FROM unnest(y.polroles) o) r)
        || CASE WHEN y.polqual IS NULL AND y.polwithcheck IS NULL THEN ';' ELSE '' END`,
      `'  USING (' || pg_get_expr(y.polqual, y.polrelid) || ')' || CASE WHEN y.polwithcheck IS NULL THEN ';' ELSE '' END`,
      `'  WITH CHECK (' || pg_get_expr(y.polwithcheck, y.polrelid) || ');'`,
      comment(`format('POLICY %I ON %s', y.polname, ${TABLE})`, `obj_description(y.oid, 'pg_policy')`),
    )} AS config
      FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN_SCHEMA('n')}`,
  },
  {
    kind: 'postgres.rewrite-rule',
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, format('%s.%I', ${TABLE}, w.rulename) AS id, ${statements(
      `pg_get_ruledef(w.oid)`,
      `CASE WHEN w.ev_enabled = 'D' THEN format('ALTER TABLE %s DISABLE RULE %I;', ${TABLE}, w.rulename) END`,
    )} AS config
      FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE w.rulename <> '_RETURN' AND ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_rewrite', 'w.oid')}`,
  },
  {
    kind: 'postgres.schema',
    scope: 'database',
    sql: () =>
      `SELECT n.nspname AS schema, quote_ident(n.nspname) AS id, ${statements(
        `format('CREATE SCHEMA %I AUTHORIZATION %I;', n.nspname, pg_get_userbyid(n.nspowner))`,
        comment(`'SCHEMA ' || quote_ident(n.nspname)`, `obj_description(n.oid, 'pg_namespace')`),
      )} AS config FROM pg_namespace n WHERE ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_namespace', 'n.oid')}`,
  },
  {
    kind: 'postgres.extension',
    scope: 'database',
    sql: () => `SELECT quote_ident(e.extname) AS id, format(E'CREATE EXTENSION %I WITH SCHEMA %I VERSION %L;\\n', e.extname, n.nspname, e.extversion) AS config
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
  },
  {
    kind: 'postgres.type',
    scope: 'database',
    sql: () => `SELECT n.nspname AS schema, ${TYPE} AS id, ${statements(
      `CASE t.typtype
        WHEN 'e' THEN format(E'CREATE TYPE %s AS ENUM (\\n%s\\n);', ${TYPE}, (SELECT string_agg('  ' || quote_literal(e.enumlabel), E',\\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        WHEN 'c' THEN format(E'CREATE TYPE %s AS (\\n%s\\n);', ${TYPE}, (SELECT string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\\n' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
        WHEN 'd' THEN concat_ws(E'\\n', 'CREATE DOMAIN ' || ${TYPE} || ' AS ' || format_type(t.typbasetype, t.typtypmod), '  DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN '  NOT NULL' END,
          (SELECT string_agg(format('  CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), E'\\n' ORDER BY k.conname COLLATE "C") FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')) || ';'
        WHEN 'r' THEN (SELECT format('CREATE TYPE %s AS RANGE (SUBTYPE = %s);', ${TYPE}, format_type(r.rngsubtype, NULL)) FROM pg_range r WHERE r.rngtypid = t.oid)
        ELSE format(E'-- a base type: only its name is kept\\n-- CREATE TYPE %s;', ${TYPE}) END`,
      owner(`CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || ${TYPE}`, 't.typowner'),
      comment(`CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || ${TYPE}`, `obj_description(t.oid, 'pg_type')`),
    )} AS config
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c') OR (t.typtype = 'b' AND t.typelem = 0)) AND ${OWN_SCHEMA('n')} AND ${NO_MEMBER('pg_type', 't.oid')}`,
  },
];
