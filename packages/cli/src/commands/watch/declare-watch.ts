import type { Command } from 'commander';
import {
  examples,
  TARGET,
  withCommonFlags,
  withConnectFlags,
  withPersonFlags,
  withStoreFlags,
} from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { WatchFlags } from './watch-flags.ts';

export function declareWatch(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withPersonFlags(withStoreFlags(withConnectFlags(withCommonFlags(program.command('watch').helpGroup('Tasks:')))))
    .description('the live view: tasks of these servers, or of all known ones')
    .argument('[target...]', TARGET)
    .option('--jsonl', 'one JSON event per line')
    .option('--read-only', 'change nothing: no call, answer or cancel')
    .option('--keep-open', 'stay when everything has settled')
    .option('--exit-when-done', 'leave when everything has settled, also after a key was pressed')
    .option('--bell', 'ring when a question opens or a task settles')
    .option('--notify', 'notify the desktop when a question opens or a task settles')
    .option('--exec <command>', 'run this when a question opens or a task settles')
    .addHelpText(
      'after',
      examples('mcp-tasks watch demo', 'mcp-tasks watch https://example.com/mcp', 'mcp-tasks watch'),
    )
    .action(async (targets: readonly string[], flags: WatchFlags) => {
      const { runWatchCommand } = await import('./watch.ts');
      const all = targets.map((text) => ({ text }));
      const fromCommand = declaring.command === undefined ? [] : [{ command: declaring.command }];
      declaring.finish(await runWatchCommand([...all, ...fromCommand], flags, context));
    });
}
