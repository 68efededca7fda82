import type { Command } from 'commander';
import { examples, TARGET, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';

export function declareTools(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withConnectFlags(withCommonFlags(program.command('tools')))
    .description('what can be called, and what of it can become a task')
    .argument('[target]', TARGET)
    .addHelpText('after', examples('mcp-tasks tools demo', 'mcp-tasks tools -- npx -y some-mcp-server'))
    .action(async (text: string | undefined, flags) => {
      const { runTools } = await import('./tools.ts');
      declaring.finish(await runTools(wordsOf(text, declaring), flags, context));
    });
}
