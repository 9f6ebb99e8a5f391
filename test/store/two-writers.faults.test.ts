/** Two processes that want to work on one deployment all the time (R4). */
import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { compile } from '../compiled.ts';
import { amount, git, newStore } from './repository.ts';

const EACH = amount(8, 60);

const CHILD = `
import { setTimeout } from 'node:timers/promises';
import { acquireLock } from './src/store/lock.js';
import { openStore } from './src/store/store.js';
import { realSurroundings } from './src/surroundings.js';
const [dir, state, name, each] = process.argv.slice(2);
const surroundings = realSurroundings();
const store = await openStore(dir, surroundings);
let refused = 0, slowest = 0;
const said = new Set();
for (let done = 0; done < Number(each); ) {
  const begun = performance.now();
  const lock = await acquireLock(state, surroundings).catch((error) => { said.add(error.exitCode + ' ' + error.message.replace(/ since .*/, '')); });
  if (lock === undefined) { refused += 1; slowest = Math.max(slowest, performance.now() - begun); await setTimeout(Math.random() * 20); continue; }
  const writes = new Map([['aws/1/eu/ec2.vpc/' + name + '.json', Buffer.from(name + done)]]);
  await store.commit({ parent: await store.tip(), writes, deletes: [], message: name + ' ' + done + '\\n', date: new Date().toISOString() });
  await lock.release();
  done += 1;
}
process.stdout.write(JSON.stringify({ refused, slowest, said: [...said] }));
`;

it(`loses none of ${2 * EACH} commits, and turns the second away at once, naming pid and host`, async () => {
  const { folder, remove } = await compile({ 'two.js': CHILD });
  onTestFinished(remove);
  const store = await newStore();
  const children = ['one', 'two'].map((name) => {
    const child = spawn(process.execPath, [join(folder, 'two.js'), store.dir, dirname(store.dir), name, String(EACH)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    const ended = new Promise<{ refused: number; slowest: number; said: string[] }>((resolve) =>
      child.on('close', () => resolve(JSON.parse(out) as never)),
    );
    return { pid: child.pid, ended };
  });
  const [one, two] = await Promise.all(children.map(({ ended }) => ended));
  expect((one?.refused ?? 0) + (two?.refused ?? 0)).toBeGreaterThan(0);
  for (const [index, other] of [two, one].entries()) {
    expect(other?.slowest ?? 0).toBeLessThan(1000);
    for (const said of other?.said ?? []) expect(said).toBe(`75 process ${children[index]?.pid} on ${hostname()} works on this deployment`);
  }
  const subjects = (await git(store.dir, 'log', '--format=%s', 'main')).split('\n');
  for (const name of ['one', 'two'])
    expect(subjects.filter((subject) => subject.startsWith(`${name} `)).reverse()).toEqual(
      Array.from({ length: EACH }, (_, index) => `${name} ${index}`),
    );
  console.log(`R4: ${2 * EACH}/${subjects.length - 1} commits, ${(one?.refused ?? 0) + (two?.refused ?? 0)} times turned away`);
}, 300_000);
