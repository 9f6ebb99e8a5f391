// Joins the modules of the product and the packages it needs at every start into few files: finding, reading and linking
// four hundred modules was half of a short command. Chunks that a command imports when called stay chunks of their own.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './sources.mjs';

/** Left to node_modules: too large to copy, native, loaded by few commands, or, as saxes, without a licence text to copy along. */
const EXTERNAL = [/^@aws-sdk\//, /^@smithy\//, /^@duckdb\//, /^pg$/, /^mysql2(?:\/|$)/, /^saxes$/];
const PLUGINS = ['exporters', 'hooks', 'trails'];
const LICENCE_FILE = /^(?:licen[cs]e|notice)(?:[.-].*)?$/i;

/**
 * Two chunks for what is loaded together anyway, in place of a chunk for each set of commands: a file costs half a
 * millisecond to find and link. `start` is what every command needs, `work` what a deployment and a run need.
 */
const GROUPS = [
  {
    name: 'start',
    priority: 2,
    test: /node_modules.commander|src.(?:errors|surroundings|spawn|version|pointer)\.ts|src.report.(?:clean|text|words|order)\.ts|src.cli.(?:program|commands|help|session|signals|system-errors)\.ts/,
  },
  {
    name: 'work',
    priority: 1,
    test: /src.(?:config|store|normalize|collect|diff).|src.pipeline.(?:base|changes|commit-work|contents|notes|observe|plan|snapshots|start-note|tips|windows)\.ts|src.(?:correlate|deployment|packages|plugins|run|suggest)\.ts/,
  },
];

/** Writes the JavaScript of the product below `dir`, each entry at the place of its source, and the notices of what was copied. */
export async function bundle(dir) {
  const input = Object.fromEntries(entries().map((file) => [file.replace(/\.ts$/, ''), join(ROOT, file)]));
  const bundled = await rolldown({
    input,
    cwd: ROOT,
    platform: 'node',
    external: EXTERNAL,
    resolve: { alias: { 'drifttrail/testing': join(ROOT, 'src/testing.ts'), drifttrail: join(ROOT, 'src/index.ts') } },
    plugins: [ownPlaces],
    onLog: (level, { code, message }) => {
      // Which chunk a module goes to is not a matter of right or wrong.
      if (level === 'warn' && code !== 'INEFFECTIVE_DYNAMIC_IMPORT') throw new Error(`rolldown: ${message}`);
    },
  });
  const { output } = await bundled.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    hashCharacters: 'hex',
    codeSplitting: { groups: GROUPS },
    // Without the sources themselves: places and names are what a stack trace needs.
    sourcemap: true,
    sourcemapExcludeSources: true,
    // As seen from dist/, which `dir` is going to be.
    sourcemapPathTransform: (source, map) =>
      relative(join(ROOT, 'dist', relative(dir, dirname(map))), resolve(dirname(map), source)).replaceAll(sep, '/'),
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundled.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  writeFileSync(join(dir, 'THIRD-PARTY-LICENSES.txt'), notices(modules));
}

/** What is imported by name or by path at run time: the command line, the public package and each plug-in's folder. */
function entries() {
  const plugins = PLUGINS.flatMap((type) =>
    readdirSync(join(ROOT, type))
      .filter((name) => !name.startsWith('_'))
      .map((name) => `${type}/${name}/index.ts`)
      .filter((file) => existsSync(join(ROOT, file))),
  );
  return ['src/cli/main.ts', 'src/index.ts', 'src/testing.ts', ...plugins];
}

/**
 * Data files lie where they lay beside the sources: a module that asks where it stands is told where it would stand
 * alone. No line moves, so the source map stays as it is.
 */
const ownPlaces = {
  name: 'own-places',
  transform(code, id) {
    const file = relative(ROOT, id).split(sep).join('/');
    if (file.startsWith('..') || file.includes('node_modules/') || !code.includes('import.meta.url')) return null;
    return { code: code.replaceAll('import.meta.url', `__place__(${JSON.stringify(file.replace(/\.ts$/, '.js'))})`), map: null };
  },
  renderChunk(code, { fileName }) {
    if (!code.includes('__place__(')) return null;
    const placed = code.replaceAll(/__place__\("([^"]+)"\)/g, (_, file) => {
      const path = posix.relative(posix.dirname(fileName), file);
      return `new URL(${JSON.stringify(path)}, import.meta.url).href`;
    });
    return { code: placed, map: null };
  },
};

/** The licences under which copies may be handed on ask that they go with them. */
function notices(modules) {
  const homes = new Set(modules.flatMap((id) => homeOf(id) ?? []));
  const texts = [...homes].sort().map((home) => {
    const { name, version, license } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const files = readdirSync(home).filter((file) => LICENCE_FILE.test(file));
    if (files.length === 0) throw new Error(`${name} brings no licence file: it cannot be bundled`);
    const text = files.map((file) => readFileSync(join(home, file), 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `drifttrail contains copies of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The folder of the package that a module belongs to; undefined for our own. */
function homeOf(id) {
  const within = id.lastIndexOf(`${sep}node_modules${sep}`);
  if (within < 0) return undefined;
  for (let folder = dirname(id); folder.length > within + '/node_modules/'.length; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Some packages mark folders of theirs as ES modules with a package.json that has no name.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined) return folder;
  }
  throw new Error(`${id} belongs to no package`);
}
