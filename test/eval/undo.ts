/** `npm run eval:undo [-- --kind ec2.vpc --aws --json]`: makes every kind of change to every AWS kind, carries out the undo that is printed, and compares; ends with 1 when a printed command does not restore. */
import { parseArgs } from 'node:util';
import { describeError } from '../../src/errors.ts';
import { startEndpoint } from '../aws/endpoint/endpoint.ts';
import { openHands } from './undo/hands.ts';
import { playTrial, type Verdict } from './undo/play.ts';
import { renderVerdicts } from './undo/table.ts';
import { trials } from '../aws/trials/index.ts';

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
  const hands = await openHands(endpoint, values.aws ? 'real' : 'stand-in');
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
    await hands.stop();
    await endpoint.stop();
  }
  process.stdout.write(values.json ? `${JSON.stringify(verdicts)}\n` : renderVerdicts(verdicts));
  if (verdicts.some(({ status }) => status === 'wrong')) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
}
