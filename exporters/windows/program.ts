/** How the collector gets to a machine: a small command line that reads the program itself from standard input. */
import { readFileSync } from 'node:fs';
import type { WindowsOptions } from './options.ts';
import { literal, literals } from './powershell.ts';

/** `$input` is not named in it: where it is, PowerShell itself reads standard input. Not a file: no execution policy is in the way. */
const LOADER = [
  "$ProgressPreference='SilentlyContinue'",
  '$reader=New-Object IO.StreamReader([Console]::OpenStandardInput(),(New-Object Text.UTF8Encoding($false)))',
  '& ([ScriptBlock]::Create($reader.ReadToEnd()))',
].join(';');

/** Words that mean the same to cmd.exe, PowerShell and bash, whichever sshd starts. -EncodedCommand takes UTF-16 in base64. */
export const COMMAND: readonly string[] = [
  'powershell.exe',
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-OutputFormat',
  'Text',
  '-EncodedCommand',
  Buffer.from(LOADER, 'utf16le').toString('base64'),
];

export interface Question extends Pick<WindowsOptions, 'registry' | 'files' | 'iis' | 'maxContent' | 'microsoftTasks'> {
  readonly mark: string;
  readonly sections: readonly string[];
}

/** One block: a program that is cut short on its way does not parse, and nothing of it runs. */
export function programOf({ mark, sections, registry, files, iis, maxContent, microsoftTasks }: Question): Buffer {
  const settings = [
    `$mark = ${literal(mark)}`,
    `$wanted = ${literals(sections)}`,
    `$registry = ${literals(registry)}`,
    `$files = ${literals(files)}`,
    `$iisWanted = $${iis}`,
    `$microsoftTasks = $${microsoftTasks}`,
    `$maxContent = ${maxContent}`,
  ];
  return Buffer.from(`& {\n${settings.join('\n')}\n${collector()}}\n`, 'utf8');
}

function collector(): string {
  return readFileSync(new URL('./collector.ps1', import.meta.url), 'utf8').replaceAll('\r\n', '\n');
}
