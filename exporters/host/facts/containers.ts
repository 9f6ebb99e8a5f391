/** Containers that Docker, Podman or a CRI runtime keeps running: what they are made of and what of the machine they see. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Container, criContainers, INSPECT, inspected } from './container-words.ts';
import { asked, type Fact, keyed } from './fact.ts';

interface Engine {
  readonly name: string;
  /** Where one of these stands, the engine is in use here. A client alone is not. */
  readonly marks: readonly string[];
  readonly command: string;
  /** Before its subcommand: never another machine's engine that an environment or a context names. */
  readonly options: readonly string[];
}

const ENGINES: readonly Engine[] = [
  { name: 'docker', marks: ['run/docker.sock'], command: 'docker', options: ['--host', 'unix:///run/docker.sock'] },
  { name: 'podman', marks: ['var/lib/containers/storage'], command: 'podman', options: ['--remote=false'] },
];
const LIST = ['ps', '--all', '--quiet', '--no-trunc'];
const INSPECTING = ['container', 'inspect', '--format'];

const CRI_MARKS = ['run/containerd/containerd.sock', 'run/crio/crio.sock', 'run/k3s/containerd/containerd.sock'];
const CRI_LIST = ['ps', '--output', 'json'];

const anyOf = (marks: readonly string[]) => marks.map((mark) => `[ -e /${mark} ]`).join(' || ');

export const containers: Fact = {
  name: 'containers',
  kind: 'host.container',
  title: 'container',
  read,
  ahead: [
    ...ENGINES.map(
      ({ name, marks, command, options }) => `if ${anyOf(marks)}; then
  ${asked(command, [...options, ...LIST])}
  ids=$(${[command, ...options, ...LIST].join(' ')} 2>/dev/null)
  if [ -n "$ids" ]; then ${asked(command, [...options, ...INSPECTING, INSPECT[name] ?? ''])} $ids; fi
fi`,
    ),
    `if ${anyOf(CRI_MARKS)}; then ${asked('crictl', CRI_LIST)}; fi`,
  ].join('\n'),
};

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!source.live) return undefined;
  const found: Container[] = [];
  let engines = 0;
  for (const engine of ENGINES) {
    const own = isUsed(source, engine.marks) ? await containersOf(source, engine) : undefined;
    if (own === undefined) continue;
    engines++;
    found.push(...own);
  }
  const listed = isUsed(source, CRI_MARKS) ? await source.run('crictl', CRI_LIST) : undefined;
  if (listed !== undefined) found.push(...criContainers(listed));
  else if (engines === 0) return undefined;
  return keyed(
    found.map(({ name, ...rest }): [string, JsonObject] => [`${rest.engine} ${name}`, rest]).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isUsed(source: Source, marks: readonly string[]): boolean {
  return marks.some((mark) => source.exists(mark));
}

async function containersOf(source: Source, { name, command, options }: Engine): Promise<Container[] | undefined> {
  const ids = await source.run(command, [...options, ...LIST]);
  if (ids === undefined) return undefined;
  const all = ids.split('\n').filter((id) => id !== '');
  if (all.length === 0) return [];
  // One that was removed meanwhile makes the whole answer an error, and so a gap for once.
  const printed = await source.run(command, [...options, ...INSPECTING, INSPECT[name] ?? '', ...all]);
  return inspected(printed ?? '', name);
}
