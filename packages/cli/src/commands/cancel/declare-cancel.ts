import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withPersonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareCancel(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withPersonFlags(withStoreFlags(withConnectFlags(withCommonFlags(program.command('cancel')))))
    .description('ask the server to stop a task; it may still complete')
    .argument('[id]', ID)
    .addHelpText('after', examples('mcp-tasks cancel k7f3q2', 'mcp-tasks cancel'))
    .action(async (id: string | undefined, flags) => {
      const { runCancel } = await import('./cancel.ts');
      declaring.finish(await runCancel(id, flags, context));
    });
}
