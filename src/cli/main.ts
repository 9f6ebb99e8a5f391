#!/usr/bin/env node
/** The process: checks Node, runs the command line, and turns whatever happens into one line and an exit code. */

// Nothing is imported before the check: an old Node must get a sentence, not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`drifttrail: Node 20.19 or newer is needed, this is ${process.versions.node}; install it from https://nodejs.org\n`);
  process.exit(1);
}
// The AWS SDK prints a notice about Node's age on stderr; ours is checked above.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The code is bundled: a stack shall name the sources. Reading the maps takes long, so only for who looks for a defect.
if (process.env.DRIFTTRAIL_DEBUG === '1') process.setSourceMapsEnabled(true);

const { main } = await import('./program.ts');
await main(process.argv);

export {};
