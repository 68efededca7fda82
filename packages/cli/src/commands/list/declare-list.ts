import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';

export function declareList(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('list'))
    .description('tasks on record on this machine, open ones first; needs no network')
    .argument('[target]', 'only those of this server')
    .option('--all', 'also what settled more than a day ago')
    .addHelpText('after', examples('mcp-tasks list', 'mcp-tasks list https://example.com/mcp --all --json'))
    .action(async (text: string | undefined, flags) => {
      const { runList } = await import('./list.ts');
      declaring.finish(await runList(wordsOf(text, declaring), flags, context));
    });
}
