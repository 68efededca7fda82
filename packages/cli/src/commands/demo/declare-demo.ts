import { type Command, Option } from 'commander';
import { describeChaos, describeTools } from '../../demo/help.ts';
import { examples, withCommonFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';
import type { DemoFlags } from './demo-flags.ts';

const WHAT =
  'serve the bundled demo server: tools that take their time, ask and fail, as durable tasks of both generations (2026-07-28 and 2025-11-25) at one address, over HTTP unless --stdio is given';

export function declareDemo(program: Command, { context, finish }: Declaring): void {
  const command = program
    .command('demo')
    .summary('serve the bundled demo server, over HTTP unless --stdio is given')
    .description(WHAT)
    .option('--stdio', 'serve over standard input and output')
    .option('--port <number>', 'TCP port; by default a free one, and with --tasks the last one')
    .option('--host <address>', 'address to bind; 127.0.0.1 by default; any that is not loopback needs --token')
    .option('--token <token>', 'require this bearer token')
    .addOption(new Option('--store <directory>', 'the earlier name of --tasks').hideHelp())
    .option(
      '--tasks <directory>',
      'keep tasks in this directory, for the next start; otherwise they end with the process',
    )
    .option('--speed <factor>', 'factor for all durations; 0.1 is ten times as fast')
    .option('--revision <date>', 'serve one protocol revision only, 2026-07-28 or 2025-11-25; both by default')
    .option('--chaos <settings>', 'misbehave on purpose, see below')
    .option('--conformance', "offer the fixtures of the protocol's conformance suite as well");
  withCommonFlags(command)
    .addHelpText('after', `\n${describeTools()}\n\n${describeChaos()}`)
    .addHelpText(
      'after',
      examples(
        'mcp-tasks demo',
        'mcp-tasks demo --port 4000 --tasks ./demo-tasks',
        'mcp-tasks demo --chaos drop=3,escapes',
        'mcp-tasks call demo mischief --arg reuseKey=true',
        'mcp-tasks call report -- mcp-tasks demo --stdio',
      ),
    )
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('./demo.ts');
      finish(await runDemo(flags, context));
    });
}
