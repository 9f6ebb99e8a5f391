/** Nagios, Icinga, Naemon: the state as a passive check result in the folder that they read. */
import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Hook, Receipt } from 'drifttrail';
import { z } from 'zod';
import { checkResult } from './encode.ts';

/** What separates names in Nagios' own files, and line ends. */
const NAME = /^[^\n\r`~!$%^&*|'"<>?,()=;]+$/;

const options = z.strictObject({
  folder: z.string().min(1).describe('check_result_path of nagios.cfg, such as /var/lib/nagios4/spool/checkresults'),
  host: z
    .string()
    .regex(NAME, 'holds a character that Nagios forbids in names')
    .optional()
    .describe("host_name; default this machine's name"),
  service: z.string().regex(NAME, 'holds a character that Nagios forbids in names').default('drifttrail').describe('service_description'),
});

const nagios = {
  name: 'nagios',
  summary: 'leaves a passive check result for Nagios and its kin',
  options,
  state: async (status, _signal, { dir, options: { folder, service, host = hostname() } }): Promise<Receipt> => {
    const home = resolve(dir, folder);
    // Seven characters that begin with c: the names of files that Nagios looks at. The empty .ok says that the file is whole.
    const path = join(home, `c${randomBytes(3).toString('hex')}`);
    try {
      await writeFile(`${path}.new`, checkResult(status, { host, service }), { mode: 0o644, flag: 'wx' });
      await rename(`${path}.new`, path);
      await writeFile(`${path}.ok`, '', { mode: 0o644 });
    } catch (error) {
      return { status: 'retry', detail: `cannot write to ${home}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}` };
    }
    return { status: 'delivered', detail: path };
  },
} satisfies Hook<z.infer<typeof options>>;

export default nagios;
