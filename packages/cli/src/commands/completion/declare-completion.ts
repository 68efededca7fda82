import type { Command } from 'commander';
import { examples } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareCompletion(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  program
    .command('completion')
    .helpGroup('Commands:')
    .description('completion for bash, zsh or fish, on standard output')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', examples('mcp-tasks completion bash >> ~/.bashrc', 'source <(mcp-tasks completion zsh)'))
    .action(async (shell: string) => {
      const { runCompletion } = await import('./completion.ts');
      declaring.finish(runCompletion(shell, context));
    });
}
