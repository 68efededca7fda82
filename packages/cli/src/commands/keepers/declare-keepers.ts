import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { KeepersFlags } from './keepers.ts';

export function declareKeepers(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('keepers').alias('holders').helpGroup('Servers:'))
    .description('background processes that keep servers running when a terminal or a host leaves')
    .option('--stop [pid]', 'end one, or all; tasks that live only in their server end with it')
    .addHelpText('after', examples('mcp-tasks keepers', 'mcp-tasks keepers --stop 4711', 'mcp-tasks keepers --stop'))
    .action(async (flags: KeepersFlags) => {
      const { runKeepers } = await import('./keepers.ts');
      declaring.finish(await runKeepers(flags, context));
    });

  program.command('__keep', { hidden: true }).action(async () => {
    const { runKeep } = await import('../../keeper/keep-server.ts');
    declaring.finish(await runKeep(context));
  });
}
