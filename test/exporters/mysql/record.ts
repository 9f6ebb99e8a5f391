/** Records test/fixtures/mysql/first from a server that seed.sql was run on: node scripts/run-ts.mjs test/exporters/mysql/record.ts SOCKET */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../exporters/mysql/connect.ts';
import { createMysqlExporter } from '../../../exporters/mysql/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { recorder, reversed } from '../replay.ts';

const [socket = ''] = process.argv.slice(2);
const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/mysql/first/${name}/`, import.meta.url));
for (const name of ['calls', 'quiet']) {
  rmSync(folder(name), { recursive: true, force: true });
  const exporter = createMysqlExporter(recorder(connect, folder(name)));
  const found = await collect(exporter, exporter.options.parse({ name: 'crm', socket, user: 'root' }), {
    surroundings: realSurroundings('/'),
    signal: AbortSignal.timeout(60_000),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${name}: ${found.resources.length} resources, gaps ${JSON.stringify(found.gaps)}\n`);
}
reversed(folder('calls'), folder('quiet'), socket);
