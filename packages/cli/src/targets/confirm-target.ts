import { TaskError } from '@mcp-tasks/client';
import { queueForTerminal } from '../auth/terminal-queue.ts';
import { CliError } from '../cli-error.ts';
import { type CommonFlags, type Context, personTerminal } from '../context.ts';
import { wordToPaste } from '../display/quote-command.ts';
import { safeText } from '../display/safe-text.ts';
import { confirm, isConfirmed } from './confirmations.ts';
import { describeEntry } from './describe-entry.ts';
import type { ConfiguredServer } from './read-configuration.ts';
import { readYes } from './read-yes.ts';
import type { ResolvedTarget } from './resolved-target.ts';
import { shortPath } from './short-path.ts';

/**
 * Checks that a person has confirmed the entry of a project's file before it is started or sent anything; asks once, at
 * a terminal. A person's own entry needs no confirmation. @throws {CliError} `not-confirmed`
 */
export async function confirmTarget(
  { origin }: ResolvedTarget,
  context: Context,
  flags: CommonFlags,
  { mayAsk = true }: { readonly mayAsk?: boolean | undefined } = {},
): Promise<void> {
  if (origin === undefined || (await isConfirmed(origin, context))) return;
  const terminal = mayAsk ? personTerminal(context, flags) : undefined;
  if (terminal === undefined) throw notConfirmed(origin, context);
  const isAllowed = await queueForTerminal(context, () =>
    ask(origin, context, context.stderr.isTTY ? context.stderr : terminal),
  );
  if (!isAllowed) throw notConfirmed(origin, context);
  await confirm([origin], context);
}

function notConfirmed(server: ConfiguredServer, context: Context): CliError {
  const file = shortPath(server.file, context);
  const hint = [
    'A project named it. Connecting would do this:',
    ...describeEntry(server).map((line) => `  ${line}`),
    `Allow it: mcp-tasks allow ${wordToPaste(`${file}:${server.name}`)}`,
    'Or for one run: --allow-project',
  ];
  return new CliError('not-confirmed', `"${server.name}" of ${file} is not confirmed`, hint.join('\n'));
}

async function ask(server: ConfiguredServer, context: Context, out: NodeJS.WriteStream): Promise<boolean> {
  if (await isConfirmed(server, context)) return true;
  const lines = describeEntry(server).map((line) => `  ${line}\n`);
  out.write(`${safeText(`"${server.name}" of ${shortPath(server.file, context)}`)} was named by a project:\n`);
  out.write(`${lines.join('')}Allow it, until its entry changes? [y/N] `);
  try {
    return await readYes(context);
  } catch {
    throw new TaskError('aborted', 'Stopped; nothing was started and nothing was sent');
  }
}
