/** What container engines print about containers, and what of it is worth keeping. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';

export interface Container extends JsonObject {
  readonly name: string;
  readonly engine: string;
}

/** Of the environment the names alone: values hold passwords, and so never leave the engine. */
const COMMON = [
  '{{json .Name}}',
  '{{json .Config.Image}}',
  '{{json .Image}}',
  '{{json .State.Status}}',
  '{{json .HostConfig.RestartPolicy.Name}}',
  '{{json .HostConfig.AutoRemove}}',
  '{{json .HostConfig.Privileged}}',
  '{{json .HostConfig.NetworkMode}}',
  '{{json .HostConfig.PidMode}}',
  '{{json .HostConfig.CapAdd}}',
  '{{json .HostConfig.PortBindings}}',
  '{{json .Mounts}}',
  '{{json .Config.User}}',
  '[{{range .Config.Env}}{{json (index (split . "=") 0)}},{{end}}null]',
  '{{json (index .Config.Labels "io.kubernetes.pod.name")}}',
];

/** By engine, the template for `inspect --format`: one line of JSON a container. */
export const INSPECT: Readonly<Record<string, string>> = {
  docker: `[${COMMON.join(',')},null]`,
  podman: `[${COMMON.join(',')},{{json .ImageDigest}}]`,
};

/** Throws Unreadable. */
export function inspected(printed: string, engine: string): Container[] {
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line): Container[] => {
      const row = parsed(line, engine);
      if (!Array.isArray(row)) throw new Unreadable(engine, 'printed something else than its template says', 'invalid');
      return containerOf(row, engine);
    });
}

/** Left out: those that go with their end, jobs that have ended, and those of pods, which the cluster makes and tells. */
function containerOf(row: readonly Json[], engine: string): Container[] {
  const [name, image, imageId, state, restart, autoRemove, privileged, network, pid, capabilities, ports, mounts, user, env, pod, digest] =
    row;
  const restarts = word(restart) !== '' && word(restart) !== 'no';
  if (autoRemove === true || word(pod) !== '' || (word(state) !== 'running' && !restarts)) return [];
  return [
    {
      name: word(name).replace(/^\//, ''),
      engine,
      image: word(image),
      imageId: word(imageId),
      ...(word(digest) === '' ? {} : { digest: word(digest) }),
      state: word(state),
      restart: restarts ? word(restart) : 'no',
      privileged: privileged === true,
      network: word(network),
      ...(word(pid) === '' || word(pid) === 'private' ? {} : { pid: word(pid) }),
      ...(word(user) === '' ? {} : { user: word(user) }),
      capabilities: words(capabilities),
      ports: portsOf(ports),
      mounts: mountsOf(mounts),
      environment: words(env),
    },
  ];
}

/** `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}` → `8080:80/tcp`, as `--publish` takes it. */
function portsOf(bindings: Json | undefined): string[] {
  if (!isObject(bindings)) return [];
  const found = Object.entries(bindings).flatMap(([inside, outside]) =>
    (Array.isArray(outside) ? outside : []).map((one) => {
      const [address, port] = isObject(one) ? [word(one.HostIp), word(one.HostPort)] : ['', ''];
      return `${address === '' || address === '0.0.0.0' ? '' : `${address}:`}${port}:${inside}`;
    }),
  );
  return [...new Set(found)].sort();
}

function mountsOf(mounts: Json | undefined): string[] {
  const found = (Array.isArray(mounts) ? mounts : []).flatMap((mount) => {
    if (!isObject(mount)) return [];
    // A volume without a name of its own gets a random one.
    const source = word(mount.Type) === 'volume' ? word(mount.Name).replace(/^[0-9a-f]{64}$/, '(anonymous)') : word(mount.Source);
    return [`${source}:${word(mount.Destination)}:${mount.RW === false ? 'ro' : 'rw'}`];
  });
  return found.sort();
}

/**
 * `crictl ps --output json`: pods come and go under new names; what stays is which container of which namespace runs
 * which images. Throws Unreadable.
 */
export function criContainers(printed: string): Container[] {
  const listed = parsed(printed, 'crictl');
  const images = new Map<string, Set<string>>();
  for (const each of isObject(listed) && Array.isArray(listed.containers) ? listed.containers : []) {
    if (!isObject(each) || !isObject(each.labels) || !isObject(each.image)) continue;
    const name = `${word(each.labels['io.kubernetes.pod.namespace'])}/${word(each.labels['io.kubernetes.container.name'])}`;
    const known = images.get(name) ?? new Set();
    known.add(`${word(each.image.image)} ${word(each.imageRef)}`.trim());
    images.set(name, known);
  }
  return [...images].map(([name, found]) => ({ name, engine: 'cri', images: [...found].sort() }));
}

function parsed(text: string, program: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Unreadable(program, 'printed no JSON', 'invalid');
  }
}

function word(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function words(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : []).filter((each) => typeof each === 'string').sort();
}
