import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareRerun(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withConnectFlags(withCommonFlags(program.command('rerun')))
    .description('call again: the same tool and arguments, as a new task')
    .argument('[id]', ID)
    .option('--yes', 'do not ask, even if the task goes on or may have run already')
    .option('--detach', 'do not wait: print the id and leave the task running')
    .option('--timeout <duration>', 'stop waiting after this long, e.g. 10m; the task goes on')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .option('--ttl <duration>', 'ask the server to keep the task this long (2025-11-25)')
    .option('--jsonl', 'one JSON event per line')
    .option('--raw', 'print the texts of the result as the server sent them, control characters included')
    .addHelpText('after', examples('mcp-tasks rerun k7f3q2', 'mcp-tasks rerun k7f3q2 --yes --detach'))
    .action(async (id: string | undefined, flags) => {
      const { runRerun } = await import('./rerun.ts');
      declaring.finish(await runRerun(id, flags, context));
    });
}
