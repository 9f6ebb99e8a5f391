/** Prometheus: the state as a file for node_exporter's textfile collector. */
import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Hook, type Receipt, renderMetrics } from 'drifttrail';
import { z } from 'zod';

const options = z.strictObject({
  file: z
    .string()
    .regex(/\.prom$/, 'must end in .prom: the textfile collector reads no other file')
    .describe('such as /var/lib/node_exporter/textfile/drifttrail.prom; its folder must be there'),
});

const prometheus = {
  name: 'prometheus',
  summary: "keeps metrics in a file for node_exporter's textfile collector",
  options,
  state: async (status, _signal, { dir, options: { file } }): Promise<Receipt> => {
    const path = resolve(dir, file);
    try {
      // The collector must never read half a file; it runs as another user.
      await writeFile(`${path}.new`, renderMetrics(status), { mode: 0o644 });
      await rename(`${path}.new`, path);
    } catch (error) {
      return { status: 'retry', detail: `cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}` };
    }
    return { status: 'delivered', detail: path };
  },
} satisfies Hook<z.infer<typeof options>>;

export default prometheus;
