/** Run on a host itself: what its own exporter tells, as JSON; the options are the first argument. */
import exporter from '../../exporters/host/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { told } from '../exporters/host/remote/told.ts';

const options = exporter.options.parse(JSON.parse(process.argv[2] ?? '{}'));
const deps = { surroundings: realSurroundings('/'), signal: AbortSignal.timeout(60_000), progress: () => undefined };
process.stdout.write(JSON.stringify(told(await collect(exporter, options, deps))));
