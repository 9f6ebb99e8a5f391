/** The command line as a whole: all commands, their common options, and how every ending becomes an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { DrifttrailError, describeError } from '../errors.ts';
import { realSurroundings } from '../surroundings.ts';
import { commands } from './commands.ts';
import { examples } from './help.ts';
import { processSession, type Session } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { explained } from './system-errors.ts';
import { version } from '../version.ts';

/** `wanted`: the commands to register in full; the others are known by name and summary. */
export async function createProgram(session: Session, wanted: (name: string) => boolean = () => true): Promise<Command> {
  const program = new Command('drifttrail')
    .description('A git history of what your infrastructure really is, and who changed what, how, and how much it matters.')
    .version(version(), '-V, --version', 'print the version')
    .addOption(new Option('--dir <folder>', 'the deployment').default('.', 'the current folder').env('DRIFTTRAIL_DIR'))
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'before',
      examples(
        ['drifttrail quickstart', 'see it work, here and on a recorded account'],
        ['drifttrail init ops && cd ops', 'make a deployment'],
        ['drifttrail snapshot', 'record what is there now'],
        ['drifttrail report --since 24h', 'what changed, who did it, worst first'],
      ),
    )
    .configureOutput({ outputError: (text, write) => write(`drifttrail: ${usageLine(text)}\n`) })
    .addHelpText('after', '\ndrifttrail <command> --help: examples, options and exit codes.')
    .configureHelp({ subcommandTerm: (command) => command.name(), showGlobalOptions: true })
    .exitOverride();
  for (const { name, summary, load } of commands) {
    const command = program.command(name).summary(summary).description(sentence(summary));
    if (wanted(name)) (await load())(command, session);
  }
  return program;
}

/** What the list of commands says in passing begins the help of the command itself. */
function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** Runs the command line of a real process; never throws, never leaves a stack trace. */
export async function main(argv: readonly string[]): Promise<void> {
  const stop = stopOnSignals((text) => session.say(text));
  const session = processSession(realSurroundings(), stop.signal);
  const called = calledCommand(argv.slice(2));
  const stopped = () => stop.received() !== undefined;
  try {
    const program = await createProgram(session, (name) => name === called || called === 'completion');
    if (argv.length <= 2) {
      process.stderr.write(program.helpInformation());
      process.exitCode = 1;
      return;
    }
    await program.parseAsync(argv);
    if (stopped() && !endsBySignal(called)) process.exitCode = stop.exitCode();
  } catch (error) {
    process.exitCode = stopped() ? stop.exitCode() : fail(error, session);
  } finally {
    stop.dispose();
  }
  // What a plug-in left open, such as a connection that never answered, must not hold back who was told to stop.
  if (stopped()) process.exit();
}

/** The first word that is neither an option nor the value of `--dir`; after `help`, the next one. */
export function calledCommand(args: readonly string[]): string | undefined {
  const words = args.filter((word, index) => !word.startsWith('-') && args[index - 1] !== '--dir');
  return words[0] === 'help' ? words[1] : words[0];
}

function endsBySignal(called: string | undefined): boolean {
  return commands.some(({ name, endsBySignal }) => name === called && endsBySignal === true);
}

function fail(error: unknown, session: Session): number {
  // Commander has written its line, or the help, already.
  if (error instanceof CommanderError) return error.exitCode;
  const known = explained(error);
  session.say(
    `drifttrail: ${describeError(known)}${known instanceof DrifttrailError ? '' : '; this is a defect, DRIFTTRAIL_DEBUG=1 shows where'}`,
  );
  if (process.env.DRIFTTRAIL_DEBUG === '1' && error instanceof Error) session.say(describeStack(error));
  return known instanceof DrifttrailError ? known.exitCode : 1;
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
