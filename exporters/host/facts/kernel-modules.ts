/** Loaded kernel modules. Size and use count are left out: they change with every use ("xfs 2023424 3"). */
import type { JsonObject } from 'drifttrail';
import type { Fact } from './fact.ts';

export const kernelModules: Fact = {
  name: 'kernel-modules',
  kind: 'host.kernel-module',
  title: 'kernel module',
  read: (source) => (source.live ? modulesOf(source.read('proc/modules') ?? '') : undefined),
};

/** proc(5): "name size uses users state address (taints)"; taint O is out of tree, E unsigned, P proprietary, F forced. */
export function modulesOf(text: string): JsonObject {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const taints = /\(([A-Z]+)\)\s*$/.exec(line)?.[1] ?? '';
        const flags = { outOfTree: taints.includes('O'), unsigned: taints.includes('E'), forced: taints.includes('F') };
        return [line.split(' ')[0] ?? line, flags];
      }),
  );
}
