import { Command, CommanderError, type Help, type Option } from 'commander';
import { CliError } from './cli-error.ts';
import { declareCommands } from './commands/all-commands.ts';
import { readDashedIds } from './commands/dashed-ids.ts';
import type { Declaring } from './commands/declaring.ts';
import { type CommonFlags, type Context, withSettings } from './context.ts';
import { nearest } from './did-you-mean.ts';
import { printError } from './display/error-report.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readSettings } from './settings/read-settings.ts';
import type { Settings } from './settings/settings.ts';

const EXAMPLES = `
Examples:
  mcp-tasks watch demo                              look around on a demo server
  mcp-tasks call https://example.com/mcp release --arg version=2.4.0
  mcp-tasks call release -- npx -y some-mcp-server  a server over stdio
  mcp-tasks list                                    what is under way
  mcp-tasks wait k7f3q2                             block until it has settled

Exit codes: mcp-tasks help exit-codes. Your configuration: mcp-tasks help config`;

export async function runProgram(argv: readonly string[], given: Context): Promise<ExitCode> {
  const { own, command } = splitCommand(argv);
  const flags = flagsOf(own);
  const settings = await readSettingsFor(argv, given);
  if (settings instanceof Error) return printError(settings, given, flags);
  const context = withSettings(given, settings);
  let code: ExitCode = exitCodes.completed;
  const program = new Command('mcp-tasks')
    .description('One terminal for every durable task of the Model Context Protocol.')
    .version(context.version, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .configureHelp({ subcommandTerm: termOf, groupItems: ownFirst as Help['groupItems'] })
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      // Usage errors are worded below; help printed on an error still goes to standard error.
      writeErr: () => undefined,
    });
  const declaring: Declaring = {
    context,
    command,
    finish(next) {
      code = next;
    },
  };
  declareCommands(program, declaring, own[0]);
  for (const each of program.commands) each.exitOverride().configureOutput(program.configureOutput());
  if (argv[0] === '__complete') {
    const { completeWords } = await import('./commands/completion/complete-words.ts');
    context.stdout.write(await completeWords(argv.slice(1), program, context).catch(() => ''));
    return exitCodes.completed;
  }
  if (argv[0] === '__man') {
    const { manPage } = await import('./commands/help/man-page.ts');
    context.stdout.write(manPage(program, context.version));
    return exitCodes.completed;
  }
  if (own[0] === 'help' && own[1] === 'exit-codes') {
    const { exitCodesHelp } = await import('./commands/help/exit-codes-help.ts');
    context.stdout.write(exitCodesHelp());
    return exitCodes.completed;
  }
  if (own[0] === 'help' && own[1] === 'config') {
    const { configHelp } = await import('./commands/help/config-help.ts');
    context.stdout.write(configHelp(context));
    return exitCodes.completed;
  }
  const unknown = own[0] === 'help' ? unknownTopic(own[1], program) : undefined;
  if (unknown !== undefined) return printError(unknown, context, flags);
  if (own.length === 0 && command === undefined) {
    context.stderr.write(`${program.helpInformation()}${EXAMPLES}\n`);
    return exitCodes.usage;
  }
  try {
    await program.parseAsync([...(await readDashedIds({ own, command }, program, context))], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.completed;
      return printError(usageError(error, helpFor(own, program)), context, flags);
    }
    return printError(error, context, flags);
  }
}

/** A broken settings file must not prevent help or completion. */
async function readSettingsFor(argv: readonly string[], context: Context): Promise<Settings | Error> {
  try {
    return await readSettings(context);
  } catch (error) {
    const isHelp = ['help', '__complete'].includes(argv[0] ?? 'help') || argv.includes('--help') || argv.includes('-h');
    return isHelp ? {} : (error as Error);
  }
}

/** Omits flags, which the command's own help lists. */
function termOf(command: Command): string {
  const words = command.registeredArguments.map((each) => {
    const name = each.variadic ? `${each.name()}…` : each.name();
    return each.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(' ');
}

/** Sorts a command's own flags before shared ones. */
function ownFirst<Item extends Command | Option>(
  _all: Item[],
  shown: Item[],
  groupOf: (item: Item) => string,
): Map<string, Item[]> {
  const headings = [...new Set(shown.map(groupOf))];
  headings.sort((a, b) => ORDER_OF_HELP.indexOf(a) - ORDER_OF_HELP.indexOf(b));
  return new Map(headings.map((heading) => [heading, shown.filter((item) => groupOf(item) === heading)]));
}

const ORDER_OF_HELP = ['Tasks:', 'Servers:', 'Commands:', 'Connecting:', 'People:', 'Records:', 'Output:'];

/** Splits at `--`: the command of a stdio server follows it. */
function splitCommand(argv: readonly string[]): {
  readonly own: readonly string[];
  readonly command: readonly string[] | undefined;
} {
  const at = argv.indexOf('--');
  if (at === -1) return { own: argv, command: undefined };
  return { own: argv.slice(0, at), command: argv.slice(at + 1) };
}

/** Read before parsing, which may fail. */
function flagsOf(own: readonly string[]): CommonFlags {
  return { json: own.includes('--json') || own.includes('--jsonl'), verbose: own.includes('--verbose') };
}

/** Help to refer to: the named command's, else the program's. */
function helpFor(own: readonly string[], program: Command): string {
  const named = own.find((word) => program.commands.some((each) => each.name() === word));
  return named === undefined ? 'mcp-tasks --help' : `mcp-tasks ${named} --help`;
}

/** Commander exits for an unknown topic without a message. */
function unknownTopic(word: string | undefined, program: Command): CliError | undefined {
  const topics = [...program.commands.map((command) => command.name()), 'exit-codes', 'config'];
  if (word === undefined || word.startsWith('-') || topics.includes(word)) return undefined;
  const near = nearest(word, topics);
  return new CliError(
    'usage',
    `unknown command '${word}'`,
    near === undefined ? 'See mcp-tasks --help' : `Did you mean ${near}?`,
  );
}

function usageError(error: CommanderError, help: string): CliError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /Did you mean (?:one of )?([^?]+)\?/.exec(rest.join(' '))?.[0];
  // Servers choose task ids, and some start like a flag.
  const isLikeId = /^unknown option '-[^-'][^']{7,}'/.test(first);
  const otherwise = isLikeId ? 'If that is the id of a task: its short id is in mcp-tasks list.' : `See ${help}`;
  return new CliError('usage', first, suggestion ?? otherwise);
}
