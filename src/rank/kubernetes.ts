/** What manifests of Kubernetes say between the lines: pods that can leave their container, images, what a role may do. */
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';
import { get, items, text } from './access.ts';

/** Where workloads keep the specification of their pods. */
const PLACES = ['spec.jobTemplate.spec.template.spec', 'spec.template.spec', 'template.spec', 'spec'];
const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'];
/** Capabilities with which a process is root on the node, by one way or another. https://man7.org/linux/man-pages/man7/capabilities.7.html */
const DANGEROUS = new Set(['ALL', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF', 'NET_ADMIN']);

function podSpec(config: unknown): Json {
  for (const place of PLACES) {
    const found = get(config, place);
    if (isObject(found) && found.containers !== undefined) return found;
  }
  return null;
}

function containersOf(config: unknown): readonly { readonly name: string; readonly container: Json }[] {
  const pod = podSpec(config);
  return CONTAINERS.flatMap((group) => members(get(pod, group)).map((container) => ({ name: text(container, 'name'), container })));
}

/** Named lists are objects in configs and arrays in requests. */
function members(value: Json): readonly Json[] {
  return isObject(value) ? Object.values(value) : items({ value }, 'value');
}

/** What lets a pod act on its node or on other pods, in words; nothing for what has no pods. */
export function podRisks(config: unknown): readonly string[] {
  const pod = podSpec(config);
  const flags = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => get(pod, name) === true);
  const paths = members(get(pod, 'volumes')).flatMap((volume) => {
    const path = text(volume, 'hostPath.path');
    return path === '' ? [] : [`${path} of the node is mounted`];
  });
  const inside = containersOf(config).flatMap(({ name, container }) => [
    ...(get(container, 'securityContext.privileged') === true ? [`container ${name} is privileged`] : []),
    ...items(container, 'securityContext.capabilities.add').flatMap((capability) => {
      const word = String(capability).replace(/^CAP_/, '');
      return DANGEROUS.has(word) ? [`container ${name} has ${word}`] : [];
    }),
  ]);
  return [...flags, ...paths, ...inside];
}

/** `web registry.example.com/shop/web:1.4.2`: container and image. */
export function podImages(config: unknown): readonly string[] {
  return containersOf(config).map(({ container }) => text(container, 'image'));
}

/** Neither a digest nor a version: what runs tomorrow is not what runs today. */
export function isFloatingImage(image: unknown): boolean {
  if (typeof image !== 'string' || image === '' || image.includes('@sha256:')) return false;
  const tag = /:([\w][\w.-]*)$/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
  return tag === undefined || /^(latest|stable|main|master|edge|nightly|dev|head)$/i.test(tag);
}

/** `docker.io/library` for `nginx`, `registry.example.com/shop` for `registry.example.com/shop/web:1`. */
export function imageSource(image: unknown): string {
  if (typeof image !== 'string') return '';
  const [name = ''] = image.split('@');
  const parts = name.split('/');
  const first = parts[0] ?? '';
  const hasHost = parts.length > 1 && (first.includes('.') || first.includes(':') || first === 'localhost');
  const path = hasHost ? parts : ['docker.io', ...(parts.length === 1 ? ['library'] : []), ...parts];
  return path.slice(0, -1).join('/');
}

/** What a role allows, each as `verbs on resources`. */
export function roleRights(config: unknown): readonly string[] {
  return items(config, 'rules').flatMap((rule) => (isObject(rule) ? rightsOf(rule) : []));
}

function rightsOf(rule: JsonObject): string[] {
  const words = (name: string) => items(rule, name).map(String);
  const resources = words('resources').flatMap((resource) =>
    words('apiGroups').map((group) => (group === '' ? resource : `${resource}.${group}`)),
  );
  const names = words('resourceNames');
  const only = names.length === 0 ? '' : ` named ${names.join(', ')}`;
  return [...resources, ...words('nonResourceURLs')].flatMap((target) => words('verbs').map((verb) => `${verb} ${target}${only}`));
}

/** Rights with which a holder can get all others: read secrets, run pods, bind roles, speak as others. */
const POWERFUL: readonly (readonly [verbs: readonly string[], resources: RegExp])[] = [
  [['*'], /^\*/],
  [['get', 'list', 'watch', '*'], /^(secrets|\*)$/],
  [['create', 'update', 'patch', '*'], /^(pods|\*)$|^(deployments|daemonsets|statefulsets|\*)\.apps$|^(jobs|cronjobs|\*)\.batch$/],
  [['create', 'get', '*'], /^(pods\/(exec|attach|portforward|ephemeralcontainers)|nodes\/proxy|serviceaccounts\/token)$/],
  [['bind', 'escalate', 'create', 'update', 'patch', '*'], /^(cluster)?role(binding)?s\.rbac|^\*\.rbac/],
  [['impersonate', '*'], /^(users|groups|serviceaccounts)$/],
  [['create', 'update', 'patch', '*'], /webhookconfigurations\.admissionregistration/],
  [['approve', 'update', '*'], /^certificatesigningrequests/],
];

export function isPowerfulRight(right: unknown): boolean {
  if (typeof right !== 'string' || right.includes(' named ')) return false;
  const [verb = '', resource = ''] = right.split(' ');
  return POWERFUL.some(([verbs, resources]) => verbs.includes(verb) && resources.test(resource));
}
