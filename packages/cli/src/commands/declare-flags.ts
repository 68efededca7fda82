import type { Command } from 'commander';

export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export function withCommonFlags(command: Command, { json = true }: { readonly json?: boolean } = {}): Command {
  command.optionsGroup('Output:');
  if (json) command.option('--json', 'one JSON document on standard output; errors as JSON on standard error');
  return command
    .option('--no-ui', 'plain lines, also in a terminal')
    .option('--verbose', 'where an error happened, and what a stdio server says')
    .optionsGroup('');
}

export function withConnectFlags(command: Command): Command {
  return command
    .optionsGroup('Connecting:')
    .option('-H, --header <name: value>', 'send this header; may be repeated', collect)
    .option('--token-env <name>', 'send the bearer token that this environment variable holds')
    .option('--client-id <id>', 'sign in as this OAuth client, which the server knows')
    .option('--client-secret-env <name>', 'with the secret in this variable: for itself, no person is asked')
    .option('--sign-in', 'with that secret too, let a person sign in, in a browser')
    .option('--callback-port <number>', 'let the browser come back to this port, which the server knows')
    .option('--issuer <url>', 'send that secret to this authorization server only')
    .option('--env <name=value>', 'environment of a server over stdio; may be repeated', collect)
    .option('--cwd <directory>', 'where a server over stdio runs')
    .optionsGroup('');
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
