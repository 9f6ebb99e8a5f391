// Makes a fresh clone ready to run with nothing but Node and git: installs what is missing, builds what changed.
// Says one line for each thing it does and nothing when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OLDEST = [20, 19];

try {
  checkNode();
  if (!installed()) install();
  await buildIfChanged();
} catch (error) {
  process.stderr.write(`drifttrail: ${error.message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(`Node ${OLDEST.join('.')} or newer is needed, this is ${process.versions.node}; install it from https://nodejs.org`);
}

/** Whether node_modules holds exactly what the lockfile asks for; npm writes what it installed into a lockfile of its own. */
function installed() {
  const there = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(there)) return false;
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const found = packagesOf(there);
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || (found[path]?.version === entry.version && existsSync(join(ROOT, path))),
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function install() {
  process.stderr.write('drifttrail: installing packages (npm ci), once …\n');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  const { status, error } =
    npm !== undefined && /\.c?js$/.test(npm) ? spawnSync(process.execPath, [npm, ...args], options) : spawnSync('npm', args, options);
  if (error !== undefined)
    throw new Error(`npm cannot be started (${error.code}); it comes with Node: reinstall Node from https://nodejs.org`);
  if (status !== 0) throw new Error('npm ci failed, see above; check the network or proxy (npm config get registry) and run it again');
}

async function buildIfChanged() {
  const { fingerprint } = await import('./sources.mjs');
  const stamp = join(ROOT, 'dist', '.fingerprint');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === fingerprint()) return;
  process.stderr.write('drifttrail: building …\n');
  const { build } = await import('./build.mjs');
  await build();
}
