/** What a command prints: `--format`, of which `--json` is one. */
import type { Command } from 'commander';
import { DrifttrailError } from '../errors.ts';

/** @throws {DrifttrailError} `options-contradict` */
export function formatOf<Format extends string>(
  command: Pick<Command, 'getOptionValueSource'>,
  { format, json }: { readonly format: Format; readonly json?: boolean },
): Format | 'json' {
  if (json !== true) return format;
  if (format !== 'json' && command.getOptionValueSource('format') !== 'default')
    throw contradiction('--json', `--format ${format}`, 'give one of them');
  return 'json';
}

export function contradiction(one: string, other: string, remedy: string): DrifttrailError {
  return new DrifttrailError({ code: 'options-contradict', message: `${one} and ${other} contradict each other`, remedy });
}
