import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { AllowFlags } from './allow.ts';

export function declareAllow(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('allow'))
    .description(
      "confirm the servers that a project's file names, or the jobs that it maps, until their entries change",
    )
    .argument('[file]', 'a configuration file, or one server of it: file.json:name')
    .option('--revoke', 'withdraw the confirmation')
    .addHelpText(
      'after',
      examples('mcp-tasks allow .mcp.json:board', 'mcp-tasks allow .mcp-tasks/jobs.json', 'mcp-tasks allow'),
    )
    .action(async (words: string | undefined, flags: AllowFlags) => {
      const { runAllow } = await import('./allow.ts');
      declaring.finish(await runAllow(words, flags, context));
    });
}
