/** SIGINT and SIGTERM ask the work to stop; whoever does not within ten seconds, or is asked twice, is ended. */
import { setMaxListeners } from 'node:events';

const PATIENCE = 10_000; // milliseconds
const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof NUMBERS;

export interface Stop {
  readonly signal: AbortSignal;
  readonly received: () => StopSignal | undefined;
  /** 130 or 143. */
  readonly exitCode: () => number;
  readonly dispose: () => void;
}

export function stopOnSignals(say: (text: string) => void): Stop {
  const controller = new AbortController();
  // Each request under way listens: as many as there are regions of accounts. None of them is forgotten.
  setMaxListeners(0, controller.signal);
  let received: StopSignal | undefined;
  let timer: NodeJS.Timeout | undefined;
  const conventional = () => 128 + NUMBERS[received ?? 'SIGINT'];
  const onSignal = (name: NodeJS.Signals) => {
    if (received !== undefined) process.exit(conventional());
    received = name as StopSignal;
    say(`drifttrail: ${name}: stopping; once more stops at once`);
    timer = setTimeout(() => process.exit(conventional()), PATIENCE);
    timer.unref();
    controller.abort(new Error(name));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    exitCode: conventional,
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
