/** Any program: the message as JSON on its standard input. No shell, a cleared environment, a deadline. */
import { cut, type Hook, neutraliseLine, type Receipt } from 'drifttrail';
import { z } from 'zod';
import { findingData } from '../_message/describe.ts';

const options = z.strictObject({
  command: z
    .tuple([z.string().min(1)], z.string())
    .describe("the program and its arguments, as a list; it runs in the deployment's folder"),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .default({})
    .describe('its whole environment, besides PATH'),
  timeout: z.int().min(100).max(25_000).default(10_000).describe('milliseconds until it is killed'),
});

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** sysexits.h: EX_TEMPFAIL. */
const TRY_AGAIN = 75;

const exec = {
  name: 'exec',
  summary: 'runs a program with the message as JSON on its standard input',
  options,
  deliver: async (message, signal, context): Promise<Receipt> => {
    const { command, env, timeout } = context.options;
    const [program, ...args] = command;
    const input = `${JSON.stringify({ ...message, findings: message.findings.map((finding) => findingData(finding, 100_000)) })}\n`;
    const { code, stderr } = await context.spawn(program, args, {
      cwd: context.dir,
      env: { PATH, ...env },
      input,
      signal,
      timeout,
      maxBytes: 1024 * 1024,
    });
    if (code === 0) return { status: 'delivered', detail: 'exit 0' };
    if (code === null) return { status: 'retry', detail: `killed: still running after ${timeout} ms, or too much output` };
    const said = cut(neutraliseLine(stderr), 200);
    const detail = said === '' ? `exit ${code}` : `exit ${code}: ${said}`;
    return { status: code === TRY_AGAIN ? 'retry' : 'rejected', detail };
  },
} satisfies Hook<z.infer<typeof options>>;

export default exec;
