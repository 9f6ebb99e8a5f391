/** Clocks, medians and the rows from which the table of results is drawn. */

import { readFileSync } from 'node:fs';

/** One line of the table: the product beside a peer or floor of the same runs. Samples are in milliseconds. */
export interface Row {
  /** The goal's name, such as `P1`. */
  readonly goal: string;
  readonly work: string;
  readonly product: readonly number[];
  /** What it is held against, in the same runs and in turn. */
  readonly peer?: { readonly name: string; readonly samples: readonly number[]; readonly limit?: number };
  /** Of the samples; milliseconds by default. */
  readonly unit?: 'ms' | 'MB' | 'µs';
}

export interface Outcome {
  readonly rows: readonly Row[];
  /** What a reader must know: a peer that is missing, what was left out. */
  readonly notes?: readonly string[];
}

export interface BenchOptions {
  readonly runs: number;
  /** 1 for the sizes of the goals; less for a quick try. */
  readonly scale: number;
  /** An empty folder that is removed afterwards. */
  readonly folder: string;
  readonly progress: (text: string) => void;
}

export interface Bench {
  readonly goals: readonly string[];
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<Outcome>;
}

/** Milliseconds that the work took. The heap is tidied first when node runs with --expose-gc. */
export async function timed(work: () => unknown): Promise<number> {
  return (await measured(work)).wall;
}

/** Milliseconds of the clock, and of processors in this process and its ended children, in steps of 10. */
export async function measured(work: () => unknown): Promise<{ readonly wall: number; readonly cpu: number }> {
  globalThis.gc?.();
  const spent = cpuSpent();
  const start = performance.now();
  await work();
  return { wall: performance.now() - start, cpu: cpuSpent() - spent };
}

/**
 * Milliseconds of processor time so far of a process and the children it waited for, in steps of 10: on a busy machine
 * the clock also counts the others' work. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function cpuSpent(pid: number | 'self' = 'self'): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field, in brackets, may hold spaces: utime, stime, cutime and cstime are the 12th to 15th after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

/** Samples by name, one more at each call. */
export function createSamples() {
  const samples = new Map<string, number[]>();
  return {
    add: (name: string, value: number) => {
      const known = samples.get(name);
      if (known === undefined) samples.set(name, [value]);
      else known.push(value);
    },
    of: (name: string): readonly number[] => samples.get(name) ?? [],
  };
}

/** NaN without samples. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The 95th percentile by nearest rank. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** The median of the ratios run by run: neighbours in time share the machine's mood. */
export function ratioOf(product: readonly number[], peer: readonly number[]): number {
  return median(product.map((value, index) => value / (peer[index] ?? Number.NaN)));
}

export function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}
