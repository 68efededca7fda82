import type { TaskClient, ToolDescription } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { nearest } from '../did-you-mean.ts';
import { commandToPaste } from '../display/quote-command.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

export async function findTool(
  client: TaskClient,
  resolved: ResolvedTarget,
  name: string,
  signal: AbortSignal,
): Promise<ToolDescription> {
  const tools = await client.listTools({ signal });
  const found = tools.find((tool) => tool.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    tools.map((tool) => tool.name),
  );
  const hint =
    near === undefined ? `See what it has: mcp-tasks tools ${commandToPaste(resolved.words)}` : `Did you mean ${near}?`;
  throw new CliError('tool-not-found', `${client.connection.identity.label} has no tool "${name}"`, hint);
}
