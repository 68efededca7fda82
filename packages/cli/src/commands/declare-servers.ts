import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { commandToPaste } from '../display/quote-command.ts';
import { type Declaring, wordsOf } from '../program.ts';
import { TARGET_HINT } from '../targets/resolve-target.ts';
import type { CallFlags } from './call/call.ts';
import { collect, examples, withCommonFlags, withConnectFlags } from './declare-flags.ts';
import { declareDemo } from './demo/declare-demo.ts';
import type { LogoutFlags } from './logout/logout.ts';
import type { ServersFlags } from './servers/servers.ts';
import type { WatchFlags } from './watch/watch.ts';

const TARGET = 'a URL, a name from a configuration file, demo, or -- command args…';

/** Commands that begin at a server. Each loads its code only when it is the one. */
export function declareServerCommands(program: Command, declaring: Declaring): void {
  const { context } = declaring;

  withConnectFlags(withCommonFlags(program.command('watch').helpGroup('Tasks:')))
    .description('the live view: tasks of these servers, or of all known ones')
    .argument('[target...]', TARGET)
    .option('--jsonl', 'one JSON event per line')
    .option('--read-only', 'look only')
    .option('--keep-open', 'stay when everything has settled')
    .option('--bell', 'ring when a question opens or a task settles')
    .option('--exec <command>', 'run this when a question opens or a task settles')
    .addHelpText(
      'after',
      examples('mcp-tasks watch demo', 'mcp-tasks watch https://example.com/mcp', 'mcp-tasks watch'),
    )
    .action(async (targets: readonly string[], flags: WatchFlags) => {
      const { runWatchCommand } = await import('./watch/watch.ts');
      const all = targets.map((text) => ({ text }));
      const behind = declaring.command === undefined ? [] : [{ command: declaring.command }];
      declaring.finish(await runWatchCommand([...all, ...behind], flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('call').helpGroup('Tasks:')))
    .description('call a tool; follow the task if there is one')
    .argument('[target]', TARGET)
    .argument('[tool]', 'the name of the tool')
    .usage('[options] <target> <tool>\n       mcp-tasks call [options] <tool> -- command args…')
    .option('--arg <name=value>', 'an argument, read by the schema of the tool; name:=JSON; may be repeated', collect)
    .option('--args <json>', 'all arguments as JSON')
    .option('--detach', 'do not wait: print the id and leave the task running')
    .option('--timeout <duration>', 'stop waiting after this long, e.g. 10m; the task goes on')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .option('--ttl <duration>', 'ask the server to keep the task this long (2025-11-25)')
    .option('--jsonl', 'one JSON event per line')
    .addHelpText(
      'after',
      examples(
        'mcp-tasks call demo release --arg version=2.4.0 --arg environment=production',
        'mcp-tasks call http://localhost:3001/mcp report --timeout 10m --json',
        'mcp-tasks call simulate-research-query --arg topic=rust \\',
        '  -- npx -y @modelcontextprotocol/server-everything',
      ),
    )
    .action(async (first: string | undefined, second: string | undefined, flags: CallFlags) => {
      const behind = declaring.command !== undefined;
      const tool = behind && second === undefined ? first : second;
      const text = behind && second === undefined ? undefined : first;
      if (tool === undefined) {
        if (text === undefined && !behind)
          throw new CliError('usage', 'No target given', `${TARGET_HINT} Then the tool.`);
        const target = commandToPaste(text === undefined ? ['--', ...(declaring.command ?? [])] : [text]);
        throw new CliError('usage', 'No tool given', `See what there is: mcp-tasks tools ${target}`);
      }
      const { runCall } = await import('./call/call.ts');
      declaring.finish(await runCall(wordsOf(text, declaring), tool, flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('tools')))
    .description('what can be called, and what of it can become a task')
    .argument('[target]', TARGET)
    .addHelpText('after', examples('mcp-tasks tools demo', 'mcp-tasks tools -- npx -y some-mcp-server'))
    .action(async (text: string | undefined, flags) => {
      const { runTools } = await import('./tools/tools.ts');
      declaring.finish(await runTools(wordsOf(text, declaring), flags, context));
    });

  withCommonFlags(program.command('servers'))
    .description('what the configuration files of the common hosts offer, where, and whether it answers')
    .option('--no-connect', 'only what the files say; start and ask nothing')
    .addHelpText('after', examples('mcp-tasks servers', 'mcp-tasks servers --no-connect --json'))
    .action(async (flags: ServersFlags) => {
      const { runServers } = await import('./servers/servers.ts');
      declaring.finish(await runServers(flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('doctor')))
    .description('what was negotiated with a server, what is missing, and what to try next')
    .argument('[target]', TARGET)
    .addHelpText(
      'after',
      examples(
        'mcp-tasks doctor demo',
        "mcp-tasks doctor https://example.com/mcp -H 'X-Team: blue'",
        'mcp-tasks doctor -- npx -y some-mcp-server',
      ),
    )
    .action(async (text: string | undefined, flags) => {
      const { runDoctor } = await import('./doctor/doctor.ts');
      declaring.finish(await runDoctor(wordsOf(text, declaring), flags, context));
    });

  withCommonFlags(program.command('logout'))
    .description('delete the tokens that signing in to a server left here; signing in happens by itself')
    .argument('[target]', 'a URL, or a name from a configuration file')
    .option('--all', 'of every server')
    .addHelpText('after', examples('mcp-tasks logout https://example.com/mcp', 'mcp-tasks logout --all'))
    .action(async (text: string | undefined, flags: LogoutFlags) => {
      const { runLogout } = await import('./logout/logout.ts');
      declaring.finish(await runLogout(wordsOf(text, declaring), flags, context));
    });

  declareDemo(program, declaring);
}
