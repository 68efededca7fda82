import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';
import type { LogoutFlags } from './logout.ts';

export function declareLogout(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('logout'))
    .description('delete the saved tokens of a server; the next command asks to sign in')
    .argument('[target]', 'a URL, or a name from a configuration file')
    .option('--all', 'of every server')
    .addHelpText('after', examples('mcp-tasks logout https://example.com/mcp', 'mcp-tasks logout --all'))
    .action(async (text: string | undefined, flags: LogoutFlags) => {
      const { runLogout } = await import('./logout.ts');
      declaring.finish(await runLogout(wordsOf(text, declaring), flags, context));
    });
}
