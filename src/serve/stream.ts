/** Tells open pages and programs of what is new, as server-sent events; one look at the repository serves them all. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { DrifttrailError } from '../errors.ts';
import { findingPath } from '../pipeline/links.ts';
import { byThreat } from './select.ts';
import type { FindingsIndex, News } from './findings-index.ts';

export interface Hub {
  /** @throws {DrifttrailError} `busy` */
  readonly join: (context: Context) => Response;
  /** Ends every stream. */
  readonly close: () => void;
}

/** Milliseconds between two looks, and between two signs of life. */
const LOOK = 2000;
const BEAT = 15_000;
/** Milliseconds that a history may take to be read at the start. */
const LOADING = 600_000;
/** Each holds a connection. */
const MOST = 100;
/** Findings in one event. */
const TOLD = 20;

export function createHub(index: FindingsIndex, problem: (error: unknown) => void): Hub {
  const members = new Set<Member>();
  let timer: NodeJS.Timeout | undefined;
  let failed = false;
  const look = () => {
    index.refresh().then(
      () => {
        failed = false;
      },
      (error: unknown) => {
        // Once, and not every two seconds.
        if (!failed) problem(error);
        failed = true;
      },
    );
  };
  const endListening = index.listen((news) => {
    for (const { tell } of members) tell(news);
  });
  const watch = () => {
    if (members.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(look, LOOK);
  };
  return {
    join: (context) => {
      const type = 'text/event-stream';
      // Nothing would tell us that nobody reads on: a HEAD has its answer and never leaves.
      if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': type });
      if (members.size >= MOST)
        throw new DrifttrailError({ code: 'busy', message: `${MOST} pages are listening already`, remedy: 'close some' });
      const known = context.req.header('last-event-id');
      return streamSSE(context, async (stream) => {
        await stream.write('retry: 5000\n\n');
        if (stream.aborted) return;
        await new Promise<void>((resolve) => {
          const beat = setInterval(() => void stream.write(': still here\n\n'), BEAT);
          const say = (news: News) => void stream.writeSSE({ event: 'findings', id: news.mark, data: textOf(news) });
          // What comes while it is looked up what was missed waits for that, and what is in it is not said twice.
          let waiting: News[] | undefined = [];
          const member: Member = {
            tell: (news) => (waiting === undefined ? say(news) : void waiting.push(news)),
            leave: () => {
              clearInterval(beat);
              members.delete(member);
              watch();
              resolve();
            },
          };
          members.add(member);
          stream.onAbort(member.leave);
          watch();
          const greet = async () => {
            const found = await missed(index, known).catch((error: unknown): Missed => {
              problem(error);
              return {};
            });
            if (found.news !== undefined) say(found.news);
            // An id without data is kept by the reader, and shown to nobody.
            else if (found.mark !== undefined) void stream.write(`id: ${found.mark}\n\n`);
            const later = waiting ?? [];
            waiting = undefined;
            for (const news of later.slice(later.findIndex(({ mark }) => mark === found.mark) + 1)) say(news);
          };
          void greet();
        });
      });
    },
    close: () => {
      endListening();
      for (const { leave } of [...members]) leave();
    },
  };
}

interface Member {
  readonly tell: (news: News) => void;
  readonly leave: () => void;
}

interface Missed {
  readonly news?: News;
  readonly mark?: string;
}

/** What has come since a reader was here, or since it began to listen; and the mark of the history with it. */
async function missed(index: FindingsIndex, known: string | undefined): Promise<Missed> {
  const start = known ?? index.mark();
  await index.refresh();
  if (!(await index.reaches('', LOADING))) return {};
  const news = start === undefined ? undefined : await index.since(start);
  const mark = news?.mark ?? index.mark();
  return { ...(news === undefined ? {} : { news }), ...(mark === undefined ? {} : { mark }) };
}

function textOf({ commits, rows }: News): string {
  const sorted = byThreat(rows);
  return JSON.stringify({
    schemaVersion: 1,
    commits: commits.slice(0, TOLD),
    count: rows.length,
    worst: sorted[0]?.level ?? null,
    findings: sorted.slice(0, TOLD).map(({ id, commit, level, score, scope, what, act, who }) => ({
      id,
      commit,
      threat: { level, score },
      scope,
      title: `${what}: ${act}`,
      who,
      path: findingPath(id),
    })),
  });
}
