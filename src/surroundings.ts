/** The real clock, network and processes; made once by the command line and passed in from there. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Surroundings } from './model.ts';
import { spawn } from './spawn.ts';

export function realSurroundings(dir: string = process.cwd()): Surroundings {
  return {
    dir,
    now: () => new Date(),
    env: process.env,
    fetch: globalThis.fetch,
    spawn,
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    },
  };
}
