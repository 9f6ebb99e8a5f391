/** The command line as a whole: all commands, their common options, and how every ending becomes an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { DrifttrailError, describeError } from '../errors.ts';
import { realSurroundings } from '../surroundings.ts';
import { commands } from './commands.ts';
import { examples } from './help.ts';
import { processSession, type Session } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { version } from './version.ts';

export function createProgram(session: Session): Command {
  const program = new Command('drifttrail')
    .description('A git history of what your infrastructure really is, and who changed what, how, and how much it matters.')
    .version(version(), '-V, --version', 'print the version')
    .addOption(new Option('--dir <folder>', 'the deployment').default('.', 'the current folder').env('DRIFTTRAIL_DIR'))
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'before',
      examples(
        ['drifttrail quickstart', 'see it work on this machine and on a recorded AWS account'],
        ['drifttrail init ops && cd ops', 'make a deployment'],
        ['drifttrail snapshot', 'record what is there now'],
        ['drifttrail report --since 24h', 'what changed, most dangerous first, and who did it'],
      ),
    )
    .configureOutput({ outputError: (text, write) => write(`drifttrail: ${usageLine(text)}\n`) })
    .exitOverride();
  for (const register of commands) register(program, session);
  return program;
}

/** Runs the command line of a real process; never throws, never leaves a stack trace. */
export async function main(argv: readonly string[]): Promise<void> {
  const stop = stopOnSignals();
  const session = processSession(realSurroundings(), stop.signal);
  try {
    const program = createProgram(session);
    if (argv.length <= 2) {
      process.stderr.write(program.helpInformation());
      process.exitCode = 1;
      return;
    }
    await program.parseAsync(argv);
    if (stop.received() !== undefined) process.exitCode = stop.exitCode(process.exitCode);
  } catch (error) {
    process.exitCode = stop.received() === undefined ? fail(error, session) : stop.exitCode(undefined);
  } finally {
    stop.dispose();
  }
}

function fail(error: unknown, session: Session): number {
  // Commander has written its line, or the help, already.
  if (error instanceof CommanderError) return error.exitCode;
  session.say(
    `drifttrail: ${describeError(error)}${error instanceof DrifttrailError ? '' : '; this is a defect, DRIFTTRAIL_DEBUG=1 shows where'}`,
  );
  if (process.env.DRIFTTRAIL_DEBUG === '1' && error instanceof Error) session.say(describeStack(error));
  return error instanceof DrifttrailError ? error.exitCode : 1;
}

function describeStack(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describeStack(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** Commander's `error: …` and its hint `(Did you mean …?)` as one line. */
function usageLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\(?Did you mean/, '; did you mean')
    .replace(/\?\)$/, '?')
    .replaceAll(/\s*\n\s*/g, '; ');
}
