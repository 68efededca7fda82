import type { Command } from 'commander';
import { examples, withCommonFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { ServersFlags } from './servers.ts';

export function declareServers(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withCommonFlags(program.command('servers'))
    .description('the servers in the configuration files of common hosts, and whether they answer')
    .option('--no-connect', 'only read the files; start and ask no server')
    .option('--allow-project', "connect to entries of a project's files that are not confirmed as well")
    .addHelpText('after', examples('mcp-tasks servers', 'mcp-tasks servers --no-connect --json'))
    .action(async (flags: ServersFlags) => {
      const { runServers } = await import('./servers.ts');
      declaring.finish(await runServers(flags, context));
    });
}
