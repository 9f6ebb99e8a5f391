/** The trail that a PostgreSQL server keeps of itself: who said which statement that defines something. */
import { resolve } from 'node:path';
import type { Probe, Trail } from 'drifttrail';
import { openLog } from '../_log/lines.ts';
import { problemOf } from '../_log/open.ts';
import { parserOf } from './formats.ts';
import { logOptions, type Options, options } from './options.ts';
import { DENIED, readServerLog } from './read.ts';

const trail: Trail<Options> = {
  name: 'postgres-log',
  summary: 'who changed a PostgreSQL database: the log of the server, csvlog, jsonlog or plain, pgaudit too',
  scopes: ['databases'],
  options,
  permissions: ['read access to the log of the PostgreSQL server', 'PostgreSQL: log_statement = ddl'],
  async *read(context) {
    // drifttrail events keeps nothing: it wants the window only. A store wants all there is, because it is read once.
    const [from, to] = context.stored === undefined ? [Date.parse(context.window.from), Date.parse(context.window.to)] : [0, Infinity];
    for await (const event of readServerLog(context)) {
      const at = Date.parse(event.time);
      if (at >= from && at <= to) yield event;
    }
  },
  probe: async ({ options: own, dir }) => [await probe(own, resolve(dir, own.log))],
};
export default trail;

/** Lines that are enough to see whether the log is as the options say. */
const SAMPLE = 200;

async function probe(own: Options, path: string): Promise<Probe> {
  const system = `${own.server} ${path}`;
  try {
    const log = await openLog(path, undefined);
    if (log === undefined)
      return { system, ok: false, detail: 'there is no such file; SHOW log_directory and log_filename say where it is' };
    try {
      const parser = parserOf(logOptions(own));
      let [lines, records] = [0, 0];
      for await (const { text } of log.lines()) {
        records += parser.take(text).length;
        if (++lines === SAMPLE) break;
      }
      records += parser.flush().length;
      if (lines > 0 && records === 0)
        return { system, ok: false, detail: 'no line can be read: say format:, and for stderr prefix: as SHOW log_line_prefix says' };
      const silence = own.complete ? 'its silence counts' : 'silence is not called nobody: complete is not set';
      return { system, ok: true, detail: `can be read; ${silence}; log_statement must be ddl or more` };
    } finally {
      await log.close();
    }
  } catch (error) {
    return { system, ok: false, detail: problemOf(error, DENIED) };
  }
}
