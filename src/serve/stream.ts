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
/** Each holds a connection. */
const MOST = 100;
/** Findings in one event. */
const TOLD = 20;

export function createHub(index: FindingsIndex, problem: (error: unknown) => void): Hub {
  const members = new Set<{ readonly tell: (text: string) => void; readonly leave: () => void }>();
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
    const text = textOf(news);
    for (const { tell } of members) tell(text);
  });
  const watch = () => {
    if (members.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(look, LOOK);
  };
  return {
    join: (context) => {
      if (members.size >= MOST)
        throw new DrifttrailError({ code: 'busy', message: `${MOST} pages are listening already`, remedy: 'close some' });
      return streamSSE(context, async (stream) => {
        await stream.write('retry: 5000\n\n');
        await new Promise<void>((resolve) => {
          const beat = setInterval(() => void stream.write(': still here\n\n'), BEAT);
          const member = {
            tell: (data: string) => void stream.writeSSE({ event: 'findings', data }),
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
        });
      });
    },
    close: () => {
      endListening();
      for (const { leave } of [...members]) leave();
    },
  };
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
