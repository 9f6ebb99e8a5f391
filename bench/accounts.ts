/** P12: many accounts and regions whose every answer takes a tenth of a second, held against the least that the allowed rate permits. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, createSamples, scaled } from './measure.ts';
import { CLI, makeDeployment, usageOf } from './programs.ts';

const ACCOUNTS = 50;
const REGIONS = 17;
const LATENCY = 100;
/** The exporter's defaults: requests a second for each account and region, and how many of those are read at once. */
const RATE = 5;
const AT_ONCE = 64;

export const accounts: Bench = {
  goals: ['P12'],
  summary: `${ACCOUNTS} accounts in ${REGIONS} regions, each answer after ${LATENCY} ms`,
  run: async ({ runs, scale, folder, progress }) => {
    const count = scaled(ACCOUNTS, scale);
    const aws = await startSlowAws();
    try {
      const ids = Array.from({ length: count }, (_, index) => String(200_000_000_000 + index));
      const roles = ids.map((id) => `      - { roleArn: "arn:aws:iam::${id}:role/drifttrail", id: "${id}" }\n`).join('');
      const dir = makeDeployment(
        join(folder, 'ops'),
        `exporters:\n  - use: aws\n    accounts:\n${roles}trail:\n  - { use: files, files: [none] }\n`,
      );
      const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1' };
      const samples = createSamples();
      let asked = 0;
      for (let run = 0; run < runs; run += 1) {
        progress(`run ${run + 1} of ${runs}: ${count} accounts`);
        const before = await aws.calls();
        const { wall, cpu } = usageOf(process.execPath, [CLI, '--dir', dir, 'snapshot'], { env });
        asked = (await aws.calls()) - before;
        samples.add('wall', wall);
        samples.add('cpu', cpu);
        samples.add('floor', (asked / (RATE * Math.min(AT_ONCE, count * (REGIONS + 1)))) * 1000);
      }
      return {
        rows: [
          {
            goal: 'P12',
            work: `${count} accounts × ${REGIONS} regions`,
            product: samples.of('wall'),
            peer: { name: `calls ÷ (${RATE}/s × ${AT_ONCE} at once)`, samples: samples.of('floor'), limit: 1.3 },
          },
          { goal: '', work: 'processor time', product: samples.of('cpu') },
        ],
        notes: [`${asked} calls in a run; the stand-in for AWS shares the processors`],
      };
    } finally {
      aws.stop();
    }
  },
};

async function startSlowAws() {
  const runner = fileURLToPath(new URL('../scripts/run-ts.mjs', import.meta.url));
  const server = fileURLToPath(new URL('./slow-aws.ts', import.meta.url));
  const child = spawn(process.execPath, [runner, server, String(LATENCY), String(REGIONS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => Number((await lines.next()).value);
  const port = await next();
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => {
      child.stdin.write('calls\n');
      return next();
    },
    stop: () => child.stdin.end(),
  };
}
