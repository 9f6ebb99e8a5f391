/** One line of an audit log as an event: what was asked of which resource, without secrets and without what is repeated. */
import { type AuditEvent, isObject, type Json, type JsonObject } from 'drifttrail';
import { withoutNoise } from '../../exporters/kubernetes/clean.ts';
import { AUDIT_LOG } from '../../exporters/kubernetes/events/place.ts';
import { kindName, objectAt, scopeOf, textAt } from '../../exporters/kubernetes/names.ts';
import { actorOf } from './actor.ts';
import { secretBody } from './secret-body.ts';

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Ways into what runs; their requests may begin as a read. */
const ACCESS: Readonly<Record<string, string>> = {
  'pods/exec': 'exec',
  'pods/attach': 'attach',
  'pods/portforward': 'portforward',
  'pods/ephemeralcontainers': 'debug',
  'pods/proxy': 'proxy',
  'services/proxy': 'proxy',
  'nodes/proxy': 'proxy',
  'serviceaccounts/token': 'token',
};
/** What controllers write all day long and no file shows, and questions that are asked by writing. */
const QUIET_RESOURCES = new Set(
  'events leases endpoints endpointslices tokenreviews subjectaccessreviews localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews selfsubjectreviews'.split(
    ' ',
  ),
);
const QUIET_SUBRESOURCES = new Set(['status', 'binding', 'finalize']);
/** Bytes; of a longer body only that something was written is kept. */
const LONGEST = 256 * 1024;

/** Undefined for what is no finished write and no way in: reads, stages before the answer, heartbeats. */
export function eventOf(record: JsonObject, cluster: string): AuditEvent | undefined {
  const stage = textAt(record, 'stage');
  const verb = textAt(record, 'verb');
  const target = objectAt(record, 'objectRef');
  const { resource, subresource, group } = {
    resource: textAt(target, 'resource'),
    subresource: textAt(target, 'subresource'),
    group: textAt(target, 'apiGroup'),
  };
  const access = ACCESS[`${resource}/${subresource}`];
  // Who is inside of a pod is told when they go in, not when they leave.
  if (stage !== 'ResponseComplete' && !(stage === 'ResponseStarted' && access !== undefined)) return undefined;
  if (access === undefined && (!WRITES.has(verb) || QUIET_RESOURCES.has(resource) || QUIET_SUBRESOURCES.has(subresource))) return undefined;
  const time = textAt(record, 'requestReceivedTimestamp') || textAt(record, 'stageTimestamp');
  const id = textAt(record, 'auditID');
  if (resource === '' || id === '' || Number.isNaN(Date.parse(time))) return undefined;
  const url = new URL(textAt(record, 'requestURI') || '/', 'http://cluster');
  if (url.searchParams.getAll('dryRun').includes('All')) return undefined;

  const namespace = textAt(target, 'namespace');
  const name =
    textAt(target, 'name') || textAt(record, 'responseObject', 'metadata', 'name') || textAt(record, 'requestObject', 'metadata', 'name');
  const error = errorOf(record);
  const body = access === undefined ? bodyOf(resource, record) : undefined;
  const kind = textAt(record, 'responseObject', 'kind') || textAt(record, 'requestObject', 'kind');
  const command = url.searchParams.getAll('command').join(' ');
  const scope = scopeOf(cluster, namespace);
  return {
    id: `${cluster}/${id}`,
    time: new Date(time).toISOString(),
    source: access === undefined ? 'kubernetes-audit' : 'kubernetes-access',
    name: access ?? `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}`,
    account: cluster,
    region: AUDIT_LOG,
    readOnly: false,
    ...(error === undefined ? {} : { error }),
    actor: actorOf(record),
    request: {
      scope,
      namespace,
      name,
      group,
      resource,
      subresource,
      verb,
      ...(kind === '' || kind === 'Status' || kind.endsWith('List') ? {} : { kind }),
      ...(command === '' ? {} : { command }),
      ...(body === undefined ? {} : { body }),
    },
    response: null,
    extra: {
      ref: {
        scope,
        kind: kindName(group, access === 'token' ? 'ServiceAccount' : access === undefined ? resource : 'Pod'),
        id: name || resource,
      },
    },
  };
}

/** 101 is what a connection that goes on answers. */
function errorOf(record: JsonObject): AuditEvent['error'] | undefined {
  const status = objectAt(record, 'responseStatus');
  const code = Number(status.code ?? 0);
  if (code === 101 || (code >= 200 && code < 300)) return undefined;
  return { code: textAt(status, 'reason') || String(code), message: textAt(status, 'message').slice(0, 500) };
}

function bodyOf(resource: string, record: JsonObject): Json | undefined {
  const sent = record.requestObject;
  // Deleting sends how to delete.
  if (sent === undefined || sent === null || textAt(record, 'verb').startsWith('delete')) return undefined;
  const clean = resource === 'secrets' ? secretBody(sent) : isObject(sent) ? withoutNoise(sent) : sent;
  return clean === undefined || JSON.stringify(clean).length > LONGEST ? undefined : clean;
}
