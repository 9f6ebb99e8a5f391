/** The recorded account of the quickstart and the configuration that replays it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DrifttrailError } from '../errors.ts';

const manifestSchema = z.object({
  formatVersion: z.literal(1),
  account: z.string(),
  regions: z.array(z.string()).min(1),
  /** The recorded moment that stands for now. */
  reference: z.iso.datetime(),
  phases: z.array(z.object({ name: z.string(), title: z.string(), answers: z.string(), offsetSeconds: z.number() })).min(1),
  trail: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type Phase = Manifest['phases'][number];

/** The name under which the recording stands in the demo. */
export const RECORDING = 'recording';

/** examples/demo stands beside package.json: above src/ and above dist/src/. */
export function demoFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'examples', 'demo');
    if (existsSync(join(found, 'manifest.json'))) return found;
  }
  throw new DrifttrailError({ code: 'installation-broken', message: 'examples/demo is missing', remedy: 'install drifttrail again' });
}

export function readManifest(folder: string): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
}

/** `now`: the moment to which the recording's reference is moved. */
export function replayConfig({ regions, reference, trail }: Manifest, phase: Phase, now: string): string {
  return `# Made by drifttrail quickstart. It is an ordinary deployment; drifttrail init makes one of your own.
exporters:
  - use: host                       # this machine, for real
  - use: aws                        # a recorded account: ${phase.title}
    replay: ${RECORDING}/${phase.answers}
    regions: [${regions.join(', ')}]

trail:
  - use: files                      # its CloudTrail records, moved so that the recording ended today
    files: [${RECORDING}/${trail}]
    shift: { from: "${reference}", to: "${now}" }
`;
}

export function liveConfig(): string {
  return `# Made by drifttrail quickstart --aws. It is an ordinary deployment; drifttrail init makes one of your own.
exporters:
  - use: host                       # this machine
  - use: aws                        # the account of the credentials at hand; its CloudTrail event history is the trail
`;
}
