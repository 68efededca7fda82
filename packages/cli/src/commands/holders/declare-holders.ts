import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { HoldersFlags } from './holders.ts';

export function declareHolders(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('holders').helpGroup('Servers:'))
    .description('background processes that keep servers over stdio running for detached calls')
    .option('--stop [pid]', 'end one, or all; tasks that live only in their server end with it')
    .addHelpText('after', examples('mcp-tasks holders', 'mcp-tasks holders --stop 4711', 'mcp-tasks holders --stop'))
    .action(async (flags: HoldersFlags) => {
      const { runHolders } = await import('./holders.ts');
      declaring.finish(await runHolders(flags, context));
    });

  program.command('__hold', { hidden: true }).action(async () => {
    const { runHold } = await import('../../keeper/run-keeper.ts');
    declaring.finish(await runHold(context));
  });
}
