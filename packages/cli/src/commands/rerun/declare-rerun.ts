import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withFollowingFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareRerun(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  const command = withConnectFlags(withCommonFlags(program.command('rerun')))
    .description('call again: the same tool and arguments, as a new task')
    .argument('[id]', ID)
    .option('--yes', 'do not ask, even if the task is running or may have run already');
  withFollowingFlags(command)
    .addHelpText('after', examples('mcp-tasks rerun k7f3q2', 'mcp-tasks rerun k7f3q2 --yes --detach'))
    .action(async (id: string | undefined, flags) => {
      const { runRerun } = await import('./rerun.ts');
      declaring.finish(await runRerun(id, flags, context));
    });
}
