/** A long-running process of the product, and what it costs while it works. */
import { spawn } from 'node:child_process';

/** Milliseconds between two looks, and until one gives up. */
const LOOK = 50;
const PATIENCE = 120_000;

type Until = (condition: () => boolean) => Promise<void>;

/** Starts node with the arguments, lets the work look at it, and ends it whatever comes of that. */
export async function whileRunning<Value>(args: readonly string[], work: (pid: number, until: Until) => Promise<Value>): Promise<Value> {
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    return await work(child.pid ?? 0, async (condition) => {
      for (const end = Date.now() + PATIENCE; !condition(); ) {
        if (child.exitCode !== null) throw new Error(`${args.at(-1)} exited with ${child.exitCode}`);
        if (Date.now() > end) throw new Error(`${args.at(-1)} did not get there within ${PATIENCE / 1000} s`);
        await new Promise((resolve) => setTimeout(resolve, LOOK));
      }
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
