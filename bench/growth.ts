/** P5: cost as it grows, in resources and in changes. */
import { join } from 'node:path';
import { makeResources, withChanges } from './data.ts';
import { type Bench, createSamples, type Row, scaled, timed } from './measure.ts';
import { createProduct } from './pipeline.ts';

const SIZES = [1000, 10_000, 100_000] as const;
const CHANGES = [0, 10, 100, 1000, 5000] as const;

export const growth: Bench = {
  goals: ['P5'],
  summary: 'time per resource from 1,000 to 100,000, and per change at 100,000',
  run: async ({ runs, scale, folder, progress }) => {
    const samples = createSamples();
    const [, , largest] = SIZES;
    for (const size of SIZES) {
      const resources = makeResources(scaled(size, scale));
      const product = await createProduct(join(folder, String(size)));
      await product.snapshot(resources);
      for (let run = 0; run < runs; run += 1) {
        progress(`${resources.length} resources, run ${run + 1} of ${runs}`);
        // Small sizes are repeated, so that each figure stands on as many resources.
        const repeats = Math.ceil(largest / size);
        const time = await timed(async () => {
          for (let repeat = 0; repeat < repeats; repeat += 1) await product.snapshot(resources);
        });
        samples.add(`size ${size}`, (time * 1000) / repeats / resources.length);
        if (size !== largest) continue;
        for (const count of CHANGES) {
          const changed = withChanges(resources, scaled(count, scale), 0, `run-${run}`);
          samples.add(`changes ${count}`, await timed(() => product.snapshot(count === 0 ? resources : changed)));
          if (count > 0) await product.snapshot(resources);
        }
      }
    }
    const sizes = SIZES.map(
      (size): Row => ({
        goal: 'P5',
        work: `a resource of ${scaled(size, scale)}, unchanged`,
        product: samples.of(`size ${size}`),
        unit: 'µs',
        ...(size === SIZES[0]
          ? {}
          : { peer: { name: `of ${scaled(SIZES[0], scale)}`, samples: samples.of(`size ${SIZES[0]}`), limit: 1 } }),
      }),
    );
    const none = samples.of('changes 0');
    const changes = CHANGES.filter((count) => count > 0).map(
      (count): Row => ({
        goal: '',
        work: `a change, ${scaled(count, scale)} of them, beyond the unchanged run`,
        product: samples.of(`changes ${count}`).map((time, run) => ((time - (none[run] ?? 0)) * 1000) / scaled(count, scale)),
        unit: 'µs',
      }),
    );
    return { rows: [...sizes, ...changes] };
  },
};
