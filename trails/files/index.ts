/** The trail that is a set of files: CloudTrail exports, saved LookupEvents answers, EventBridge archives. */
import { resolve, sep } from 'node:path';
import { describeError, type Trail } from 'drifttrail';
import { z } from 'zod';
import { publicKeysOption } from '../_cloudtrail/digest-keys.ts';
import { iso, logTime } from '../_cloudtrail/digest-names.ts';
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
    const by = typeof shift === 'object' ? Date.parse(shift.to) - Date.parse(shift.from) : (shift ?? 0);
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    const places = new Map<string, { account: string; region: string }>();
    const place = (account: string, region: string) => places.set(`${account} ${region}`, { account, region });
    let whole = true;
    let newest = Number.NEGATIVE_INFINITY;
    const reach = (time: number) => {
      if (time > newest) newest = time;
    };
    const events = readTrailFiles(
      files.map((file) => resolve(dir, file)),
      {
        ...(by === 0 ? {} : { shift: by }),
        reads,
        opened: (file) => reach((logTime(file.split(sep).join('/')) ?? Number.NaN) + by),
        passed: (record) => {
          place(textAt(record, 'recipientAccountId') ?? '', textAt(record, 'awsRegion') ?? '');
          reach(Date.parse(textAt(record, 'eventTime') ?? '') + by);
        },
        problem: (error) => {
          whole = false;
          gap({ reason: 'invalid', detail: describeError(error) });
        },
      },
    );
    for await (const event of events) {
      place(event.account, event.region);
      const at = Date.parse(event.time);
      reach(at);
      if (at >= from && at <= to) yield event;
    }
    // A complete set of files tells all about the places that it speaks of, up to its newest record: what comes into the folder
    // later, because it is copied once an hour or not any more, may tell of later times.
    const reached = newest < to ? iso(newest) : window.to;
    if (whole && newest > from) for (const one of places.values()) covered({ ...one, from: window.from, to: reached });
  },
  local: true,
  probe: async (context) => probeFiles(context),
  async *verify(context) {
    const { verifyFolders } = await import('./verify.ts');
    yield* verifyFolders(context.options, context);
  },
};
export default trail;
