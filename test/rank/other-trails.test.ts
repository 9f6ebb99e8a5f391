/** What the records of clusters and database servers tell is ranked by `events` like the change that a snapshot would show. */
import { expect, test } from 'vitest';
import { createLookup, effectsOf, indexRules } from '../../src/attribute/effects.ts';
import type { AuditEvent, Exporter, Json } from '../../src/model.ts';
import { builtins, loadPlugin } from '../../src/plugins.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import { loadRules } from '../../src/rank/rules.ts';

const actor = { name: 'eve', type: 'User', arn: null, role: null, via: 'unknown' as const, sourceIp: null, userAgent: null, mfa: null };
const exporters: Exporter[] = await Promise.all(builtins('exporters').map((use) => loadPlugin('exporters', use, '.')));
const kinds: Exporter['kinds'] = Object.assign({}, ...exporters.map((exporter) => exporter.kinds));
const rules = await loadRules(exporters.flatMap((exporter) => exporter.rules ?? []));
const index = indexRules(kinds);
const { lookup } = createLookup({ before: () => undefined, after: () => undefined, list: () => [] }, kinds);

function ranked(source: string, name: string, request: Json) {
  const event: AuditEvent = {
    ...{ id: 'e', time: '2026-11-01T10:00:00Z', source, name, account: 'prod', region: 'audit.log', readOnly: false, actor, request },
    response: null,
  };
  const { level, rules: matched } = rankEvent(event, effectsOf(event, index.rulesFor(event), lookup).effects, rules);
  return { level, matched };
}

const created = (resource: string, group: string, body: Json) =>
  ranked('kubernetes-audit', `create ${resource}.${group}`, {
    ...{ scope: 'kubernetes/prod/_cluster', namespace: '', name: 'x', group, resource, subresource: '', verb: 'create', body },
  });
const RBAC = 'rbac.authorization.k8s.io';

test('a cluster: the object in the request is judged', () => {
  const bound = (role: string) =>
    created('clusterrolebindings', RBAC, {
      ...{ kind: 'ClusterRoleBinding', metadata: { name: 'x' }, roleRef: { kind: 'ClusterRole', name: role } },
      subjects: [{ kind: 'User', name: 'eve' }],
    });
  expect(bound('cluster-admin')).toMatchObject({ level: 'critical', matched: expect.arrayContaining(['kubernetes-cluster-admin-bound']) });
  expect(bound('view').level).not.toBe('critical');
  // Who replaces or applies it sends all of it, too.
  const rewritten = (verb: string, role: string) =>
    ranked('kubernetes-audit', `${verb} clusterrolebindings.${RBAC}`, {
      ...{
        scope: 'kubernetes/prod/_cluster',
        namespace: '',
        name: 'x',
        group: RBAC,
        resource: 'clusterrolebindings',
        subresource: '',
        verb,
      },
      body: { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', roleRef: { name: role }, subjects: [{ kind: 'User', name: 'eve' }] },
    }).level;
  for (const verb of ['update', 'patch']) expect([rewritten(verb, 'cluster-admin'), rewritten(verb, 'view')]).toEqual(['critical', 'info']);
  const role = (verb: string) =>
    created('clusterroles', RBAC, { kind: 'ClusterRole', rules: [{ apiGroups: ['*'], resources: ['*'], verbs: [verb] }] });
  expect(role('*').level).toBe('critical');
  expect(role('get').level).not.toBe('critical');
});

test.each([
  ['postgres-log', 'CREATE ROLE', 'CREATE ROLE eve SUPERUSER', 'postgres-role-superpower'],
  ['postgres-log', 'CREATE USER', "CREATE USER eve CREATEROLE PASSWORD ''", 'postgres-role-superpower'],
  ['postgres-log', 'ALTER ROLE', 'ALTER ROLE eve BYPASSRLS', 'postgres-role-superpower'],
  ['postgres-log', 'GRANT', 'GRANT pg_execute_server_program TO eve', 'postgres-role-joined-powerful'],
  ['postgres-log', 'ALTER TABLE', 'ALTER TABLE sales.orders DISABLE ROW LEVEL SECURITY', 'postgres-row-security-off'],
  ['postgres-log', 'ALTER SYSTEM', "ALTER SYSTEM SET log_statement = 'none'", 'postgres-logging-reduced'],
  ['mariadb-audit', 'GRANT', 'GRANT ALL PRIVILEGES ON *.* TO eve@localhost', 'mysql-all-privileges'],
  ['mariadb-audit', 'CREATE USER', "CREATE USER 'eve'@'%'", 'mysql-account-from-anywhere'],
  ['mariadb-audit', 'SET GLOBAL', 'SET GLOBAL server_audit_logging = OFF', 'mysql-audit-off'],
  ['mariadb-audit', 'SET GLOBAL', 'SET GLOBAL local_infile = 1', 'mysql-protection-off'],
])('%s %s: %s', (source, name, statement, rule) => {
  expect(ranked(source, name, { statement, database: 'shop' })).toMatchObject({ level: 'high', matched: expect.arrayContaining([rule]) });
});

test.each([
  ['postgres-log', 'CREATE ROLE', 'CREATE ROLE bob NOSUPERUSER LOGIN'],
  ['postgres-log', 'ALTER SYSTEM', "ALTER SYSTEM SET log_statement = 'all'"],
  ['mariadb-audit', 'GRANT', 'GRANT SELECT ON shop.* TO bob@localhost'],
  ['mariadb-audit', 'SET GLOBAL', 'SET GLOBAL server_audit_logging = ON'],
])('%s %s is no alarm: %s', (source, name, statement) => {
  expect(ranked(source, name, { statement, database: 'shop' }).level).not.toBe('high');
});
