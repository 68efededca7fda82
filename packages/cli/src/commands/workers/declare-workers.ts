import type { Command } from 'commander';
import { examples, withCommonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareWorkers(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withCommonFlags(program.command('workers')))
    .description('the workers of a store: how many tasks each holds, and how old its heartbeat is')
    .addHelpText('after', examples('mcp-tasks workers', 'mcp-tasks workers --store postgres://db.example/tasks --json'))
    .action(async (flags) => {
      const { runWorkers } = await import('./workers.ts');
      declaring.finish(await runWorkers(flags, context));
    });
}
