import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareResult(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withConnectFlags(withCommonFlags(program.command('result'))))
    .description('the final result, from our record if it was seen before')
    .argument('[id]', ID)
    .option('--raw', 'print the texts of the result as the server sent them, control characters included')
    .option('--save <path>', 'into this file, or a file for each part into this directory, instead of standard output')
    .addHelpText(
      'after',
      examples(
        'mcp-tasks result k7f3q2',
        'mcp-tasks result k7f3q2 --json > result.json',
        'mcp-tasks result k7f3q2 --save .',
      ),
    )
    .action(async (id: string | undefined, flags) => {
      const { runResult } = await import('./result.ts');
      declaring.finish(await runResult(id, flags, context));
    });
}
