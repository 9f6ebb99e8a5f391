/** `drifttrail completion`: scripts for shells, made from the commands themselves. */
import { Argument, type Command } from 'commander';
import { examples } from './help.ts';
import type { Registration } from './session.ts';

type Shell = 'bash' | 'zsh' | 'fish';
interface Word {
  readonly name: string;
  readonly about: string;
  readonly options: readonly { readonly flag: string; readonly about: string; readonly choices: readonly string[] }[];
}

export const completion: Registration = (self, session) => {
  self
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'before',
      examples(
        ['source <(drifttrail completion bash)', 'in ~/.bashrc'],
        ['source <(drifttrail completion zsh)', 'in ~/.zshrc, after compinit'],
        ['drifttrail completion fish > ~/.config/fish/completions/drifttrail.fish', 'once'],
      ),
    )
    .action(async (shell: Shell) => {
      const program = self.parent ?? self;
      await session.out(SCRIPTS[shell](program.commands.map(wordOf), flagsOf(program)));
    });
};

function wordOf(command: Command): Word {
  return { name: command.name(), about: command.summary() || command.description(), options: flagsOf(command) };
}

function flagsOf(command: Command): Word['options'] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, argChoices }) => (long == null ? [] : [{ flag: long, about: description, choices: argChoices ?? [] }]));
}

const SCRIPTS: Record<Shell, (words: readonly Word[], common: Word['options']) => string> = {
  bash: (words, common) => `# bash completion for drifttrail
_drifttrail() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${words.map(({ name }) => name).join('|')}) command="$word"; break ;; esac
  done
  case "$command $previous" in
${words.flatMap(({ name, options }) => options.filter(({ choices }) => choices.length > 0).map(({ flag, choices }) => `    "${name} ${flag}") COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current")); return ;;`)).join('\n')}
    *" --dir") COMPREPLY=($(compgen -d -- "$current")); return ;;
  esac
  case "$command" in
    "") COMPREPLY=($(compgen -W "${[...words.map(({ name }) => name), ...common.map(({ flag }) => flag)].join(' ')}" -- "$current")) ;;
${words.map(({ name, options }) => `    ${name}) COMPREPLY=($(compgen -W "${['--dir', ...options.map(({ flag }) => flag)].join(' ')}" -- "$current") $(compgen -f -- "$current")) ;;`).join('\n')}
  esac
}
complete -F _drifttrail drifttrail`,
  zsh: (words, common) => `#compdef drifttrail
_drifttrail() {
  local -a commands
  commands=(
${words.map(({ name, about }) => `    ${quote(`${name}:${about}`)}`).join('\n')}
  )
  local context state line
  _arguments -C ${common.map(zshFlag).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${words.map(({ name, options }) => `        ${name}) _arguments ${options.map(zshFlag).join(' ')} '*:file:_files' ;;`).join('\n')}
      esac ;;
  esac
}
compdef _drifttrail drifttrail`,
  fish: (words, common) =>
    [
      '# fish completion for drifttrail',
      'complete -c drifttrail -f',
      ...common.map((option) => `complete -c drifttrail ${fishFlag(option)}`),
      ...words.flatMap(({ name, about, options }) => [
        `complete -c drifttrail -n __fish_use_subcommand -a ${name} -d ${quote(about)}`,
        ...options.map((option) => `complete -c drifttrail -n '__fish_seen_subcommand_from ${name}' ${fishFlag(option)}`),
      ]),
    ].join('\n'),
};

function zshFlag({ flag, about, choices }: Word['options'][number]): string {
  const plain = about.replaceAll(/[[\]:]/g, ' ');
  return quote(`${flag}[${plain}]${choices.length === 0 ? '' : `:value:(${choices.join(' ')})`}`);
}

function fishFlag({ flag, about, choices }: Word['options'][number]): string {
  return `-l ${flag.slice(2)} -d ${quote(about)}${choices.length === 0 ? '' : ` -x -a ${quote(choices.join(' '))}`}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
