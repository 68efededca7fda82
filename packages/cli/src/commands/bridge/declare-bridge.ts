import { type Command, Option } from 'commander';
import { examples, TARGET, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';

export function declareBridge(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  const bridge = withConnectFlags(withCommonFlags(program.command('bridge'), { json: false }))
    .description(
      'serve this server to hosts, over stdio unless --http is given: long calls return in time, and no call runs twice',
    )
    .argument('[target]', TARGET)
    .option('--hold <duration>', "how long one call is held @default the host's limit, less 15 s")
    .option('--no-join', 'run equal calls separately')
    .addOption(
      new Option('--questions <where>', 'who answers the questions of a task')
        .choices(['host', 'terminal', 'both'])
        .default('both'),
    )
    .option('--model-may-answer', 'accept answers faster than a person could give; by default they do not count')
    .option('--cancel-upstream', 'cancel the task when the host cancels its call; by default the task keeps running')
    .option('--home <directory>', 'where the records live: hosts strip the environment')
    .option('--http [port]', 'serve over HTTP on 127.0.0.1, to hosts that send a token @default the last port')
    .option(
      '--http-token-env <name>',
      'environment variable with that token @default one in a file of the state folder',
    )
    .addHelpText(
      'after',
      examples(
        'mcp-tasks bridge https://example.com/mcp',
        'mcp-tasks bridge -- npx -y some-mcp-server',
        'mcp-tasks bridge https://example.com/mcp --http 4100',
      ),
    )
    .action(async (text: string | undefined, flags) => {
      const { runBridge } = await import('./bridge.ts');
      // In `bridge --http demo` the word is the target, not the port.
      const isTarget = text === undefined && typeof flags.http === 'string' && !/^\d/.test(flags.http);
      const words = wordsOf(isTarget ? flags.http : text, declaring);
      declaring.finish(await runBridge(words, isTarget ? { ...flags, http: true } : flags, context));
    });

  withScope(bridge.command('install'))
    .description('write the bridge of a server into the configuration of a host, after showing the change')
    .argument('<host>', HOSTS)
    .argument('[target]', TARGET)
    .option('--name <name>', 'what the host calls the server')
    .addHelpText('after', examples('mcp-tasks bridge install codex https://example.com/mcp'))
    .action(async (host: string, text: string | undefined, flags) => {
      const { runInstall } = await import('./install.ts');
      declaring.finish(await runInstall(host, wordsOf(text, declaring), flags, context));
    });

  withScope(bridge.command('uninstall'))
    .description('remove a server from the configuration of a host, after showing the change')
    .argument('<host>', HOSTS)
    .argument('<name>', 'what the host calls the server')
    .addHelpText('after', examples('mcp-tasks bridge uninstall codex example-com'))
    .action(async (host: string, name: string, flags) => {
      const { runUninstall } = await import('./install.ts');
      declaring.finish(await runUninstall(host, name, flags, context));
    });

  withCommonFlags(bridge.command('status'))
    .description('the bridges of hosts: fronts, keepers, open calls and undelivered results')
    .addHelpText('after', examples('mcp-tasks bridge status'))
    .action(async (flags) => {
      const { runBridgeStatus } = await import('./status.ts');
      declaring.finish(await runBridgeStatus(flags, context));
    });
}

const HOSTS = 'claude-code, codex, cursor, vscode, gemini, opencode or goose';

function withScope(command: Command): Command {
  return withCommonFlags(command, { json: false })
    .addOption(
      new Option('--scope <scope>', "the person's file, or that of this project")
        .choices(['user', 'project'])
        .default('user'),
    )
    .option('--yes', 'write it without asking');
}
