/** Exporters that can watch say when to look: what they say is gathered, and makes one look in a while at most. */
import type { Deployment } from '../deployment.ts';
import { describeError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { guardOf } from '../pipeline/secrets.ts';

export interface Watching {
  readonly signal: AbortSignal;
  readonly look: (use: string) => void;
  readonly say: (text: string) => void;
}

/** Milliseconds from the first sign to the look: one act is often several writes. */
const SETTLE = 2000;
/** Least milliseconds between two looks: a system that never rests is not read without end. */
const BETWEEN = 15_000;
/** Milliseconds after which a watch that has ended is begun again. */
const AGAIN = 30_000;

/** Resolves when the signal has ended all watches. */
export async function watchExporters({ exporters, surroundings, redactor }: Deployment, { signal, look, say }: Watching): Promise<void> {
  await Promise.all(
    exporters.map(async ({ use, exporter, shape: options, unset }) => {
      if (unset !== undefined) return; // each look says so
      const guard = guardOf(options, redactor);
      const told = new Set<string>();
      // A watch begins anew every so often, and what it may not see does not change by that.
      const problem = (text: string) => {
        if (told.size < told.add(text).size) say(`${use}: ${guard(text)}`);
      };
      const gather = gatherer(surroundings, signal, (signs) => {
        say(`${use}: ${guard(signs[0] ?? '')}${signs.length > 1 ? ` and ${signs.length - 1} more` : ''}`);
        look(use);
      });
      while (!signal.aborted) {
        const signs = exporter.watch?.({ ...surroundings, options, signal, problem });
        if (signs === undefined) return;
        try {
          for await (const sign of signs) gather(sign);
        } catch (error) {
          if (!signal.aborted) problem(`cannot be watched: ${describeError(error)}`);
        }
        await surroundings.sleep(AGAIN, signal).catch(() => undefined); // told to stop: the loop ends by itself
      }
    }),
  );
}

/** `act` gets the signs that have gathered. */
export function gatherer(
  { now, sleep }: Pick<Surroundings, 'now' | 'sleep'>,
  signal: AbortSignal,
  act: (signs: readonly string[]) => void,
): (sign: string) => void {
  let waiting: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const gathered = () => {
    const signs = new Set(waiting);
    waiting = [];
    last = now().getTime();
    act([...signs]);
  };
  return (sign) => {
    waiting.push(sign);
    if (waiting.length > 1) return;
    // Only the signal ends the sleep, and then nobody looks any more.
    void sleep(Math.max(SETTLE, last + BETWEEN - now().getTime()), signal).then(gathered, () => undefined);
  };
}
