/** Records test/fixtures/postgres/first from a server that seed.sql was run on: node scripts/run-ts.mjs test/exporters/postgres/record.ts SOCKET PORT */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../exporters/postgres/connect.ts';
import { createPostgresExporter } from '../../../exporters/postgres/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { recorder, reversed } from '../replay.ts';

const [socket = '', port = ''] = process.argv.slice(2);
const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/postgres/first/${name}/`, import.meta.url));
for (const name of ['calls', 'quiet']) {
  rmSync(folder(name), { recursive: true, force: true });
  const exporter = createPostgresExporter(recorder(connect, folder(name)));
  const options = exporter.options.parse({ name: 'main', socket, port: Number(port), user: 'postgres', without: [] });
  const found = await collect(exporter, options, {
    surroundings: realSurroundings('/'),
    signal: AbortSignal.timeout(60_000),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${name}: ${found.resources.length} resources, gaps ${JSON.stringify(found.gaps)}\n`);
}
reversed(folder('calls'), folder('quiet'), socket);
