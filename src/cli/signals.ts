/** SIGINT and SIGTERM ask the work to stop; whoever does not within ten seconds, or is asked twice, is ended. */

const PATIENCE = 10_000; // milliseconds
const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof NUMBERS;

export interface Stop {
  readonly signal: AbortSignal;
  readonly received: () => StopSignal | undefined;
  /** 130 or 143; a command for which stopping is the normal end has set 0. */
  readonly exitCode: (own: number | string | undefined | null) => number;
  readonly dispose: () => void;
}

export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let received: StopSignal | undefined;
  let timer: NodeJS.Timeout | undefined;
  const conventional = () => 128 + NUMBERS[received ?? 'SIGINT'];
  const onSignal = (name: NodeJS.Signals) => {
    if (received !== undefined) process.exit(conventional());
    received = name as StopSignal;
    timer = setTimeout(() => process.exit(conventional()), PATIENCE);
    timer.unref();
    controller.abort(new Error(name));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    exitCode: (own) => (own === 0 ? 0 : conventional()),
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
