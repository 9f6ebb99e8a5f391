/** `npm run eval:undo [-- --kind ec2.vpc --aws --json]`: makes every kind of change to every AWS kind, carries out the undo that is printed, and compares; ends with 1 when a printed command does not restore. */
import { parseArgs } from 'node:util';
import { describeError } from '../../src/errors.ts';
import type { Clients } from '../aws/clients.ts';
import { startStandIn } from '../aws/cli/stand-in.ts';
import { startEndpoint } from '../aws/endpoint/endpoint.ts';
import { REGION } from './undo/lab.ts';
import { playTrial, type Verdict } from './undo/play.ts';
import { renderVerdicts } from './undo/table.ts';
import { trials } from './undo/trials.ts';

const OPTIONS = {
  kind: { type: 'string' },
  /** The real aws on the PATH instead of the stand-in. */
  aws: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

try {
  const { values } = parseArgs({ options: OPTIONS });
  const wanted = trials.filter(({ kind }) => values.kind === undefined || values.kind.split(',').includes(kind));
  const endpoint = await startEndpoint();
  let current: Clients | undefined;
  const standIn = await startStandIn(() => {
    if (current === undefined) throw new Error('nobody is at work');
    return current;
  });
  const path = values.aws ? process.env.PATH : `${standIn.bin}:${process.env.PATH}`;
  const hands = {
    use: (clients: Clients) => {
      current = clients;
    },
    environment: ({ credentials }: { credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } }) => ({
      ...process.env,
      PATH: path,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_DEFAULT_REGION: REGION,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_PAGER: '',
    }),
  };
  const verdicts: Verdict[] = [];
  try {
    for (const [index, one] of wanted.entries()) {
      const verdict = await playTrial(one, endpoint, String(100_000_000_000 + index), hands);
      verdicts.push(verdict);
      process.stderr.write(`${verdict.status.padEnd(12)} ${one.kind} ${one.type}: ${one.what} — ${verdict.because}\n`);
      if (values.verbose || verdict.status === 'wrong')
        process.stderr.write(verdict.commands.map((command) => `    ${command}\n`).join(''));
    }
  } finally {
    await standIn.stop();
    await endpoint.stop();
  }
  process.stdout.write(values.json ? `${JSON.stringify(verdicts)}\n` : renderVerdicts(verdicts));
  if (verdicts.some(({ status }) => status === 'wrong')) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
}
