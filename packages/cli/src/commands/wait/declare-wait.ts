import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { WaitFlags } from './wait.ts';

export function declareWait(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withConnectFlags(withCommonFlags(program.command('wait'))))
    .description('block until the tasks have settled')
    .argument('[id...]', ID)
    .option('--any', 'stop when one of them has settled')
    .option('--timeout <duration>', 'stop waiting after this long; the tasks keep running')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .addHelpText('after', examples('mcp-tasks wait k7f3q2', 'mcp-tasks wait k7f3q2 m4pdx8 --any --timeout 1h'))
    .action(async (ids: readonly string[], flags: WaitFlags) => {
      const { runWait } = await import('./wait.ts');
      declaring.finish(await runWait(ids, flags, context));
    });
}
