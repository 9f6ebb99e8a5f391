/** The trail that is a set of files: CloudTrail exports, saved LookupEvents answers, EventBridge archives. */
import { resolve } from 'node:path';
import { describeError, type Trail } from 'drifttrail';
import { z } from 'zod';
import { publicKeysOption } from '../_cloudtrail/digest-keys.ts';
import { textAt } from '../_cloudtrail/read.ts';
import { probeFiles } from './probe.ts';
import { readTrailFiles } from './read.ts';

export { readTrailFiles } from './read.ts';

const time = z.iso.datetime({ offset: true });
const options = z.strictObject({
  files: z
    .array(z.string().min(1))
    .min(1)
    .describe('Files, folders and patterns of .json, .jsonl and their .gz; relative to the deployment'),
  shift: z
    .union([z.number().int(), z.strictObject({ from: time, to: time })])
    .optional()
    .describe('Moves all times: milliseconds, or so that the time `from` becomes `to`'),
  publicKeys: publicKeysOption,
});
type Options = z.infer<typeof options>;

const trail: Trail<Options> = {
  name: 'files',
  summary: 'Audit records in files and folders',
  scopes: ['aws'],
  options,
  async *read({ options: { files, shift }, window, dir, reads, gap, covered }) {
    const by = typeof shift === 'object' ? Date.parse(shift.to) - Date.parse(shift.from) : shift;
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    const places = new Map<string, { account: string; region: string }>();
    const place = (account: string, region: string) => places.set(`${account} ${region}`, { account, region });
    let whole = true;
    const events = readTrailFiles(
      files.map((file) => resolve(dir, file)),
      {
        ...(by === undefined ? {} : { shift: by }),
        reads,
        passed: (record) => place(textAt(record, 'recipientAccountId') ?? '', textAt(record, 'awsRegion') ?? ''),
        problem: (error) => {
          whole = false;
          gap({ reason: 'invalid', detail: describeError(error) });
        },
      },
    );
    for await (const event of events) {
      place(event.account, event.region);
      const at = Date.parse(event.time);
      if (at >= from && at <= to) yield event;
    }
    // A complete set of files tells all about the places that it speaks of.
    if (whole) for (const one of places.values()) covered({ ...one, ...window });
  },
  local: true,
  probe: async (context) => probeFiles(context),
  async *verify(context) {
    const { verifyFolders } = await import('./verify.ts');
    yield* verifyFolders(context.options, context);
  },
};
export default trail;
