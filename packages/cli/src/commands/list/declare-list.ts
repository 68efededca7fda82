import type { Command } from 'commander';
import { collect, examples, withCommonFlags, withPersonFlags, withStoreFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';
import type { ListFlags } from './list.ts';

export function declareList(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withPersonFlags(withStoreFlags(withCommonFlags(program.command('list'))))
    .description('tasks on record on this machine, open ones first; needs no network')
    .argument('[target]', 'only those of this server')
    .option('--all', 'also what settled more than a day ago')
    .option(
      '--status <words>',
      'only these, as in the list: working, needs-input, completed, failed, …; or open, settled',
    )
    .option('--server <label>', 'only those of the server with this label')
    .option('--tool <name>', 'only calls of this tool')
    .option('--since <duration>', 'only what changed in this time, e.g. 2h')
    .option('--label <name=value>', 'only those with this label of their host; may be repeated', collect)
    .option('-n, --limit <number>', 'at most this many: 100, all with --json, -q or --format')
    .option('--after <id>', 'continue after this task: the next page')
    .option('--refresh', 'poll the open tasks first')
    .option('--columns <names>', 'id, status, tool, server, called, updated, message; in this order')
    .option('-q, --quiet', 'the ids alone')
    .option('--format <template>', "a line for each, of the fields of --json: '{id} {status} {statusMessage}'")
    .addHelpText(
      'after',
      examples(
        'mcp-tasks list',
        'mcp-tasks list https://example.com/mcp --all --json',
        'mcp-tasks list --status needs-input,failed --since 2h',
        'mcp-tasks list -q --tool release | xargs mcp-tasks wait',
        "mcp-tasks list --format '{id}\\t{status}\\t{statusMessage}'",
      ),
    )
    .action(async (text: string | undefined, flags: ListFlags) => {
      const { runList } = await import('./list.ts');
      declaring.finish(await runList(wordsOf(text, declaring), flags, context));
    });
}
