import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareForget(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withCommonFlags(program.command('forget')))
    .description('delete our record; the server is not notified')
    .argument('[id...]', ID)
    .addHelpText('after', examples('mcp-tasks forget k7f3q2', 'mcp-tasks forget k7f3q2 m4pdx8'))
    .action(async (ids: readonly string[], flags) => {
      const { runForget } = await import('./forget.ts');
      declaring.finish(await runForget(ids, flags, context));
    });
}
