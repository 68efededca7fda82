import type { Command } from 'commander';
import { examples, TARGET, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';

export function declareDoctor(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withConnectFlags(withCommonFlags(program.command('doctor')))
    .description('what was negotiated with a server, what is missing, and what to try next')
    .argument('[target]', TARGET)
    .addHelpText(
      'after',
      examples(
        'mcp-tasks doctor demo',
        "mcp-tasks doctor https://example.com/mcp -H 'X-Team: blue'",
        'mcp-tasks doctor a2a:https://agent.example',
        'mcp-tasks doctor -- npx -y some-mcp-server',
      ),
    )
    .action(async (text: string | undefined, flags) => {
      const { runDoctor } = await import('./doctor.ts');
      declaring.finish(await runDoctor(wordsOf(text, declaring), flags, context));
    });
}
