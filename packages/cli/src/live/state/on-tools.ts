import type { ToolDescription } from '@mcp-tasks/client';
import type { Step } from './message.ts';
import type { Model } from './model.ts';
import { openCall } from './on-call.ts';

/** Shows a server's tools if the person still waits for them. */
export function onTools(
  model: Model,
  fingerprint: string,
  tools: readonly ToolDescription[] | { readonly failed: string },
): Step<Model> {
  const { page } = model;
  if (page.kind !== 'pick-tool' || page.fingerprint !== fingerprint) return [model, []];
  if ('failed' in tools) return [{ ...model, page: { ...page, tools } }, []];
  const { again } = page;
  const tool = tools.find(({ name }) => name === again?.tool);
  if (tool !== undefined) return openCall(model, fingerprint, tool, again);
  return [{ ...model, page: { ...page, tools: sorted(tools) } }, []];
}

/** Sorts tools that support tasks first. */
function sorted(tools: readonly ToolDescription[]): readonly ToolDescription[] {
  const plain = (tool: ToolDescription) => (tool.taskSupport === 'forbidden' ? 1 : 0);
  return [...tools].sort((a, b) => plain(a) - plain(b) || (a.name < b.name ? -1 : 1));
}
