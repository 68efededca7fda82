import type { Command } from 'commander';
import { examples, TARGET, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';

export function declareTools(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withConnectFlags(withCommonFlags(program.command('tools')))
    .description('the tools of a server, and which can become tasks')
    .argument('[target]', TARGET)
    .argument('[tool]', 'one of them, with its arguments: types, choices, defaults')
    .addHelpText(
      'after',
      examples('mcp-tasks tools demo', 'mcp-tasks tools demo release', 'mcp-tasks tools -- npx -y some-mcp-server'),
    )
    .action(async (first: string | undefined, second: string | undefined, flags) => {
      // With a command after `--`, a single word before it is the tool.
      const hasCommand = declaring.command !== undefined;
      const text = hasCommand && second === undefined ? undefined : first;
      const tool = hasCommand && second === undefined ? first : second;
      const { runTools } = await import('./tools.ts');
      declaring.finish(await runTools(wordsOf(text, declaring), tool, flags, context));
    });
}
