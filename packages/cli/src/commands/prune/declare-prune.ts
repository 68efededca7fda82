import type { Command } from 'commander';
import { examples, withCommonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { PruneFlags } from './prune.ts';

export function declarePrune(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withCommonFlags(program.command('prune')))
    .description('delete records that settled long ago')
    .option('--older-than <duration>', 'how long ago; 30d unless given')
    .addHelpText('after', examples('mcp-tasks prune', 'mcp-tasks prune --older-than 12h'))
    .action(async (flags: PruneFlags) => {
      const { runPrune } = await import('./prune.ts');
      declaring.finish(await runPrune(flags, context));
    });
}
