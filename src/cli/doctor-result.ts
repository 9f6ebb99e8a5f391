/** What one check of `doctor` found. */
import type { OutletCounts } from '../model.ts';

export interface CheckResult {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix?: string;
  /** Of an outlet, for programs. */
  readonly counts?: OutletCounts;
}

export function ok(name: string, detail: string): CheckResult {
  return { name, status: 'ok', detail };
}
