// Runs a TypeScript file of this repository on any supported Node: `node scripts/run-ts.mjs bench/main.ts [arguments]`.
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || !existsSync(file)) {
  process.stderr.write(
    `run-ts: ${file === undefined ? 'no file named' : `there is no ${file}`}; usage: node scripts/run-ts.mjs FILE.ts [ARGUMENTS]\n`,
  );
  process.exit(2);
}
register('./ts-hooks.mjs', import.meta.url);
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.argv = [process.argv[0], resolve(file), ...rest];
await import(pathToFileURL(resolve(file)).href);
