/** Parts of questions to the catalogues, and what a question is. */

/** One kind, read by one statement. Its rows have `id`, `config` (jsonb, or text for kinds of SQL) and, where it is in one, `schema`. */
export interface Reader {
  readonly kind: string;
  readonly scope: 'server' | 'database';
  /** Undefined where the server is too old to have it. */
  readonly sql: (version: number) => string | undefined;
  /** What lets a role read it that is no superuser, for the gap. */
  readonly remedy?: string;
  /** Asked when reading is denied: without an answer there is nothing to read, and nothing is withheld. */
  readonly empty?: string;
}

/** Our own schemas are nobody's work. */
export const OWN_SCHEMA = (n: string): string => `${n}.nspname !~ '^pg_' AND ${n}.nspname <> 'information_schema'`;

/** What an extension brings changes with the extension. */
export const NO_MEMBER = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT 1 FROM pg_depend dep WHERE dep.classid = '${catalog}'::regclass AND dep.objid = ${oid} AND dep.deptype = 'e')`;

/** Rights as grantee → sorted privileges. The owner's are told only when they are not what owners have anyway. */
export function grants(acl: string, type: string, owner: string): string {
  const whole = `coalesce(${acl}, acldefault('${type}', ${owner}))`;
  const count = (of: string) => `(SELECT count(*) FROM aclexplode(${of}) o WHERE o.grantee = ${owner})`;
  return `(SELECT coalesce(jsonb_object_agg(g.grantee, g.privileges), '{}') FROM (
      SELECT CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(item.grantee)) END AS grantee,
             jsonb_agg(DISTINCT (item.privilege_type || CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)) AS privileges
      FROM aclexplode(${whole}) item
      WHERE item.grantee <> ${owner} OR ${count(whole)} <> ${count(`acldefault('${type}', ${owner})`)}
      GROUP BY 1) g)`;
}

/** `{name=value,…}` as an object. */
export const settings = (config: string): string =>
  `(SELECT jsonb_object_agg(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)) FROM unnest(${config}) s)`;

/** `{name=value,…}` of foreign data options as an object. */
export const fdwOptions = (options: string): string =>
  `(SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(${options}) o)`;

/** `('a', 'b')` of a list of options as `WITH (…)`; '' where there are none. */
export const withOptions = (options: string): string => `coalesce(' WITH (' || array_to_string(${options}, ', ') || ')', '')`;

/** A statement each, in lines; nulls are left out. */
export const statements = (...parts: readonly string[]): string => `concat_ws(E'\\n', ${parts.join(', ')}) || E'\\n'`;

/** `object` is an SQL expression: the word and the name. */
export const comment = (object: string, text: string): string => `'COMMENT ON ' || ${object} || ' IS ' || quote_literal(${text}) || ';'`;

export const owner = (object: string, role: string): string =>
  `'ALTER ' || ${object} || ' OWNER TO ' || quote_ident(pg_get_userbyid(${role})) || ';'`;
