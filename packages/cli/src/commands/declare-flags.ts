import type { Command } from 'commander';

/** Help text of a server argument. */
export const TARGET = 'a URL, a2a:URL, a name from a configuration file, demo, or -- command args…';
/** Help text of a task argument. */
export const ID = 'the local id or the task id, or a prefix of one';

export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export function withCommonFlags(command: Command, { json = true }: { readonly json?: boolean } = {}): Command {
  command.optionsGroup('Output:');
  if (json) command.option('--json', 'one JSON document on standard output; errors as JSON on standard error');
  return command
    .option('--no-ui', 'plain lines, also in a terminal')
    .option('--verbose', 'show where an error happened, the stderr of a stdio server, and log messages')
    .optionsGroup('');
}

/** Adds the flags of commands that need only records and mail. */
export function withStoreFlags(command: Command): Command {
  return command
    .optionsGroup('Records:')
    .option('--store <url>', 'a shared store instead of the records of this machine: postgres://… (MCP_TASKS_STORE)')
    .option('--tenant <name>', 'the tenant in the shared store (MCP_TASKS_TENANT)')
    .optionsGroup('');
}

/** Adds the flags of commands that answer or list questions. */
export function withPersonFlags(command: Command): Command {
  return command
    .optionsGroup('People:')
    .option('--as <name>', 'your name, for questions with an audience (MCP_TASKS_PERSON)')
    .option('--group <name>', 'one of your groups; may be repeated (MCP_TASKS_GROUPS, comma-separated)', collect)
    .optionsGroup('');
}

/** Adds the flags for waiting and printing after a call. */
export function withFollowingFlags(command: Command): Command {
  return command
    .option('--detach', 'do not wait: print the id and leave the task running')
    .option('--timeout <duration>', 'stop waiting after this long, e.g. 10m; the task keeps running')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .option('--ttl <duration>', 'ask the server to keep the task this long (2025-11-25)')
    .option('--jsonl', 'one JSON event per line')
    .option('--raw', 'print the texts of the result as the server sent them, control characters included');
}

export function withConnectFlags(command: Command): Command {
  return command
    .optionsGroup('Connecting:')
    .option('-H, --header <name: value>', 'send this header; may be repeated', collect)
    .option('--token-env <name>', 'send the bearer token that this environment variable holds')
    .option('--client-id <id>', 'sign in as this OAuth client, which the server knows')
    .option('--client-secret-env <name>', 'environment variable with the client secret (client credentials grant)')
    .option('--sign-in', 'use the browser flow even though a client secret is set')
    .option('--callback-port <number>', 'fixed loopback port of the registered redirect URI')
    .option('--issuer <url>', 'send the client secret to this authorization server only')
    .option('--allow-no-pkce', 'sign in although the authorization server does not advertise PKCE')
    .option('--env <name=value>', 'environment of a server over stdio; may be repeated', collect)
    .option('--cwd <directory>', 'where a server over stdio runs')
    .option('--allow-project', "for this run, use an entry of a project's file that is not confirmed")
    .optionsGroup('');
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
