import type { TaskClient, ToolDescription } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { nearest } from '../did-you-mean.ts';
import { commandToPaste } from '../display/quote-command.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { rememberTools } from '../targets/seen-tools.ts';

export async function findTool(
  client: TaskClient,
  resolved: ResolvedTarget,
  name: string,
  context: Context,
  signal: AbortSignal = context.interrupt,
): Promise<ToolDescription> {
  const tools = await client.listTools({ signal });
  await rememberTools(context, resolved, tools);
  return toolNamed(tools, name, client.connection.identity.label, resolved.words);
}

/** @throws {CliError} `tool-not-found`, with the most similar tool name */
export function toolNamed(
  tools: readonly ToolDescription[],
  name: string,
  label: string,
  target: readonly string[],
): ToolDescription {
  const found = tools.find((tool) => tool.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    tools.map((tool) => tool.name),
  );
  const hint =
    near === undefined ? `See what it has: mcp-tasks tools ${commandToPaste(target)}` : `Did you mean ${near}?`;
  throw new CliError('tool-not-found', `${label} has no tool "${name}"`, hint);
}
