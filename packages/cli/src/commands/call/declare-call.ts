import type { Command } from 'commander';
import { CliError } from '../../cli-error.ts';
import { commandToPaste } from '../../display/quote-command.ts';
import { TARGET_HINT } from '../../targets/target-hint.ts';
import { collect, examples, TARGET, withCommonFlags, withConnectFlags, withFollowingFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';
import type { CallFlags } from './call-flags.ts';

export function declareCall(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  const command = withConnectFlags(withCommonFlags(program.command('call').helpGroup('Tasks:')))
    .description('call a tool; follow the task if there is one')
    .argument('[target]', TARGET)
    .argument('[tool]', 'the name of the tool')
    .usage('[options] <target> <tool>\n       mcp-tasks call [options] <tool> -- command args…')
    .option(
      '--arg <name=value>',
      'an argument, read by the schema of the tool; name=@file, name:=JSON; may be repeated',
      collect,
    )
    .option('--args <json>', 'all arguments as JSON; @file, or - for standard input')
    .option('--edit', 'write all arguments as JSON in your editor ($VISUAL, $EDITOR) first');
  withFollowingFlags(command)
    .addHelpText(
      'after',
      examples(
        'mcp-tasks call demo release --arg version=2.4.0 --arg environment=production',
        'mcp-tasks call http://localhost:3001/mcp report --timeout 10m --json',
        "mcp-tasks call a2a:https://agent.example send --arg text='deploy the shop'",
        'mcp-tasks call simulate-research-query --arg topic=rust \\',
        '  -- npx -y @modelcontextprotocol/server-everything',
      ),
    )
    .action(async (first: string | undefined, second: string | undefined, flags: CallFlags) => {
      const hasCommand = declaring.command !== undefined;
      const tool = hasCommand && second === undefined ? first : second;
      const text = hasCommand && second === undefined ? undefined : first;
      if (tool === undefined) {
        if (text === undefined && !hasCommand)
          throw new CliError('usage', 'No target given', `${TARGET_HINT} Then the tool.`);
        const target = commandToPaste(text === undefined ? ['--', ...(declaring.command ?? [])] : [text]);
        throw new CliError('usage', 'No tool given', `See what there is: mcp-tasks tools ${target}`);
      }
      const { runCall } = await import('./call.ts');
      declaring.finish(await runCall(wordsOf(text, declaring), tool, flags, context));
    });
}
