import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareGet(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withConnectFlags(withCommonFlags(program.command('get'))))
    .description('one read of a task; ends with 0 when it could be read')
    .argument('[id]', ID)
    .addHelpText('after', examples('mcp-tasks get k7f3q2', 'mcp-tasks get k7f --json'))
    .action(async (id: string | undefined, flags) => {
      const { runGet } = await import('./get.ts');
      declaring.finish(await runGet(id, flags, context));
    });
}
