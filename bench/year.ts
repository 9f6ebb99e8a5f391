/** P10: the repository after a year of hourly snapshots, left to itself, against the same objects packed as tightly as git can. */
import { join } from 'node:path';
import aws from '../exporters/aws/index.ts';
import type { JsonObject, Resource } from '../src/model.ts';
import { filesOf } from '../src/testing.ts';
import { createRandom, makeResources } from './data.ts';
import { type Bench, scaled, timed } from './measure.ts';
import { createProduct } from './pipeline.ts';
import { sh, sizeOf } from './programs.ts';

const HOURS = 8760;
const RESOURCES = 10_000;
const CHANGES = 20;
const MB = 1e6;

export const year: Bench = {
  goals: ['P10'],
  summary: 'a year of hourly snapshots of 10,000 resources, 20 changes each, with notes: size of .git',
  run: async ({ scale, folder, progress }) => {
    const repository = join(folder, 'year');
    const { store, snapshot } = await createProduct(repository);
    const resources = makeResources(scaled(RESOURCES, scale));
    const random = createRandom(10);
    const hours = scaled(HOURS, scale);
    await snapshot(resources);
    const begin = Date.now();
    let parent = await store.tip();
    const wall = await timed(async () => {
      for (let hour = 1; hour <= hours; hour += 1) {
        const chosen = new Set(Array.from({ length: CHANGES }, () => random(resources.length)));
        const changed = [...chosen].map((index) => touch(resources, index, random(1000)));
        const date = new Date(begin + hour * 3_600_000).toISOString();
        parent = await store.commit({ parent, writes: filesOf(aws, changed), deletes: [], message: messageOf(changed, hour), date });
        if (parent !== null) await store.writeNotes(new Map([[parent, noteOf(changed)]]));
        await store.maintain();
        if (hour % 500 === 0) progress(`${hour} of ${hours} hours`);
      }
    });
    const left = sizeOf(join(repository, '.git'));
    progress('packing as tightly as git can');
    sh('git', ['-C', repository, 'gc', '--quiet', '--aggressive', '--prune=now'], { deadline: 3_600_000 });
    const packed = sizeOf(join(repository, '.git'));
    return {
      rows: [
        {
          goal: 'P10',
          work: `.git after ${hours} hours`,
          product: [left / MB],
          unit: 'MB',
          peer: { name: 'git gc --aggressive', samples: [packed / MB], limit: 2 },
        },
        { goal: '', work: 'an hour: commit, note, upkeep', product: [wall / hours] },
      ],
      notes: ['One run, however many were asked for. Nothing but the product kept the repository meanwhile.'],
    };
  },
};

/** The resource as it is from now on, in the list too. */
function touch(resources: Resource[], index: number, mark: number): Resource {
  const resource = resources[index] as Resource;
  const config = resource.config as JsonObject;
  const touched = { ...resource, config: { ...config, description: `touched ${mark}`, status: mark % 2 === 0 ? 'in-use' : 'available' } };
  resources[index] = touched;
  return touched;
}

function messageOf(changed: readonly Resource[], hour: number): string {
  const lines = changed.map(({ ref }) => `modified network interface ${ref.id}`);
  return [`aws: ${changed.length} network interfaces changed`, '', ...lines, '', `Drifttrail-Run: ${hour}`, 'Drifttrail-Gaps: 0', ''].join(
    '\n',
  );
}

/** As long as the notes of so many findings. */
function noteOf(changed: readonly Resource[]) {
  const findings = changed.map(({ ref }) => ({
    id: `f-${ref.id}`,
    ref,
    level: 'low',
    score: 12,
    edits: [{ path: '/description', before: 'worker 12', after: 'touched 12' }],
    attribution: {
      status: 'attributed',
      grade: 'exact',
      actor: { name: 'alice' },
      events: [{ id: ref.id, name: 'ModifyNetworkInterfaceAttribute' }],
    },
  }));
  return {
    text: findings.map(({ id }) => `low: network interface changed by alice (${id})`).join('\n'),
    findings: JSON.stringify(findings),
  };
}
