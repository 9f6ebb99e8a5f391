/** Records examples/demo anew: `node scripts/run-ts.mjs scripts/record-demo.ts`. Needs moto_server. */
import { recordDemo } from '../test/aws/demo/record.ts';

await recordDemo(new URL('../examples/demo/', import.meta.url), (text) => process.stderr.write(`${text}\n`));
