/** The examples of docs/outlets.md load, every outlet has one, and what is wrong in an entry is named by its place. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../src/config/config.ts';
import { configSchema, speakingShape } from '../src/config/schema.ts';
import { loadDeployment } from '../src/deployment.ts';
import { builtins, loadPlugin } from '../src/plugins.ts';
import { realSurroundings } from '../src/surroundings.ts';
import { folder } from './folder.ts';

const text = readFileSync(new URL('../docs/outlets.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
const entries = blocks.flatMap((yaml) => configSchema.parse({ exporters: [{ use: 'host' }], ...(parse(yaml) as object) }).hooks);

/** As if the environment and the files held what belongs there. */
function resolved(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:env|file):/.test(value)) return value;
  return key === 'url' ? 'https://hooks.example/x' : 'a'.repeat(32);
}

test.each(entries.map((entry, index) => [index, entry.use, entry] as const))(
  'example %i, %s, has only options that there are',
  async (_, use, entry) => {
    const own = Object.entries(entry).filter(([key]) => key !== 'use' && !Object.hasOwn(speakingShape, key));
    const { options } = await loadPlugin('hooks', use, '.');
    const result = options.safeParse(Object.fromEntries(own.map(([key, value]) => [key, resolved(key, value)])));
    expect(result.error?.issues).toBeUndefined();
  },
);

test('there is an example of every outlet', () => {
  expect([...new Set(entries.map(({ use }) => use))].sort()).toEqual(builtins('hooks'));
});

const WRONG = (line: string) => ({ 'drifttrail.yaml': `exporters:\n  - use: host\nhooks:\n  - use: exec\n${line}\n    command: [x]\n` });

test.each([
  ['    digest: daily', 'hooks.0.digest write minute hour', 5, 13],
  ['    digest: "0 8 * * *"\n    group: 5m', 'has both digest and group', 4, 5],
  ['    zone: Mars/Base', 'hooks.0.zone write a time zone', 5, 11],
  ['    quiet: { from: "25:00", to: "07:00" }', 'hooks.0.quiet.from write a time of day', 5, 20],
  ['    title: "{{levle}}"', 'knows no {{levle}}', 5, 12],
  ['    only: [{}]', 'hooks.0.only.0 name at least', 5, 12],
  ['    urgent: sometimes', 'hooks.0.urgent', 5, 13],
])('%s is named with its place', (line, message, row, column) => {
  const complaint = expect.objectContaining({
    code: 'config-invalid',
    message: expect.stringContaining(message),
    position: expect.objectContaining({ line: row, column }),
  });
  expect(() => loadConfig(folder(WRONG(line)), {})).toThrow(complaint);
});

test.each([
  ['    digest: "61 * * * *"', '"61 * * * *" is not a cron expression', 13, 'write minute hour'],
  ['    quite: x', 'unknown key "quite"', 5, 'did you mean "quiet"?'],
])('%s is named with its place, once the plug-in is known', async (line, message, column, remedy) => {
  const dir = folder(WRONG(line));
  const error = await loadDeployment(dir, realSurroundings(dir)).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'config-invalid', message, remedy: expect.stringContaining(remedy), position: { line: 5, column } });
});
