// Makes a new exporter from exporters/_template: `npm run new:exporter -- NAME`. Adds three places, changes no file.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const template = fileURLToPath(new URL('../exporters/_template/', import.meta.url));
const root = process.cwd();
const name = process.argv[2] ?? '';

if (process.argv.length !== 3 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name === 'template') {
  fail(
    `${name === '' ? 'no name given' : `"${process.argv.slice(2).join(' ')}" is no name for an exporter`}; usage: npm run new:exporter -- NAME, in lower case, such as "nginx" or "cisco-ios"`,
  );
}
const targets = { exporter: `exporters/${name}`, fixtures: `test/fixtures/${name}`, test: `test/exporters/${name}.test.ts` };
for (const target of Object.values(targets)) if (existsSync(join(root, target))) fail(`${target} is there already; choose another name`);

for (const file of filesBelow(template)) {
  if (file === 'test.ts.txt') copy(file, targets.test);
  else if (file.startsWith('fixtures/')) copy(file, `${targets.fixtures}/${file.slice('fixtures/'.length)}`);
  else copy(file, `${targets.exporter}/${file}`);
}
process.stdout.write(
  `made ${Object.values(targets).join(', ')}\n` +
    `next: put your system's calls into ${targets.exporter}/index.ts, record its answers in ${targets.fixtures}/first/calls/, then\n` +
    `      DRIFTTRAIL_UPDATE_FIXTURES=1 npx vitest run ${targets.test}   and read what it wrote\n`,
);

function copy(from, to) {
  const target = join(root, renamed(to));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, renamed(readFileSync(join(template, from), 'utf8')), { flag: 'wx' });
}

function renamed(text) {
  return text.replaceAll('template', name);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

function fail(message) {
  process.stderr.write(`new-exporter: ${message}\n`);
  process.exit(2);
}
