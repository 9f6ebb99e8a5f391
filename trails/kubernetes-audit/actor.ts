/** Who is behind a request: the person who logged in, whoever they spoke as, or the account of a pod and the pod. */
import { type Actor, isObject, type Json, type JsonObject } from 'drifttrail';
import { listAt, member, objectAt, textAt } from '../../exporters/kubernetes/names.ts';

type Tool = readonly [pattern: RegExp, via: Actor['via'], name: string];

/** By user agent, which the caller chooses: a hint. */
const TOOLS: readonly Tool[] = [
  [/^kubectl/, 'cli', 'kubectl'],
  [/^(oc|openshift)\//, 'cli', 'oc'],
  [/^Helm\//i, 'cli', 'helm'],
  [/^(k9s|kubectx|kustomize|skaffold|tilt)/, 'cli', ''],
  [/terraform/i, 'terraform', 'terraform'],
  [/opentofu/i, 'opentofu', 'opentofu'],
  [/pulumi/i, 'pulumi', 'pulumi'],
  [/^argocd|argo-cd|gitops-engine/i, 'service', 'argocd'],
  [/^(flux|kustomize-controller|helm-controller|source-controller)/, 'service', 'flux'],
  [/^(Mozilla|dashboard|Headlamp|OpenLens|Lens)/, 'console', ''],
  [/(controller|operator|manager|scheduler|kubelet|kube-)/, 'service', ''],
];
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

interface Account {
  readonly name: string;
  readonly type: 'User' | 'ServiceAccount' | 'Node' | 'Component';
}

export function actorOf(record: JsonObject): Actor {
  const speaker = accountOf(textAt(record, 'user', 'username'));
  const spokenFor = member(record, 'impersonatedUser', 'username');
  const other = typeof spokenFor === 'string' && spokenFor !== '' ? accountOf(spokenFor) : undefined;
  const userAgent = textAt(record, 'userAgent');
  // A dashboard speaks for the person before it; a person who speaks as another stays who they are.
  const forPerson = other !== undefined && speaker.type !== 'User' && other.type === 'User';
  const who = forPerson ? other : speaker;
  const [, via, tool] = TOOLS.find(([pattern]) => pattern.test(userAgent)) ?? ([/$/, who.type === 'User' ? 'sdk' : 'service', ''] as const);
  const pod = podOf(objectAt(record, 'user', 'extra'));
  const service = forPerson ? speaker.name : tool === 'kubectl' ? '' : tool;
  const [address] = listAt(record, 'sourceIPs');
  return {
    name: who.name,
    type: who.type,
    arn: null,
    role: forPerson ? null : (other?.name ?? pod ?? null),
    via: who.type === 'User' || via !== 'cli' ? via : 'service',
    sourceIp: typeof address === 'string' ? address : null,
    userAgent: userAgent === '' ? null : userAgent,
    mfa: null,
    nameFrom: 'user',
    ...(service === '' ? {} : { service }),
  };
}

function accountOf(username: string): Account {
  const [, namespace, name] = SERVICE_ACCOUNT.exec(username) ?? [];
  if (namespace !== undefined && name !== undefined) return { name: `${namespace}/${name}`, type: 'ServiceAccount' };
  if (username.startsWith('system:node:')) return { name: username.slice('system:node:'.length), type: 'Node' };
  return {
    name: username === '' ? 'unknown' : username,
    type: username.startsWith('system:') && username !== 'system:admin' ? 'Component' : 'User',
  };
}

/** Of a bound token, the pod that it was made for. */
function podOf(extra: JsonObject): string | undefined {
  const value: Json | undefined = extra['authentication.kubernetes.io/pod-name'];
  const first = Array.isArray(value) ? (value[0] as Json | undefined) : value;
  return typeof first === 'string' && !isObject(first) ? `pod ${first}` : undefined;
}
