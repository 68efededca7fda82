import type { ToolDescription } from '@mcp-tasks/client';
import type { Step } from './message.ts';
import type { Model } from './model.ts';
import { openCall } from './on-call.ts';

/** What the server said it can do, if the person still waits for it. */
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

/** Those that can be tasks first: they are why one is here. */
function sorted(tools: readonly ToolDescription[]): readonly ToolDescription[] {
  const plain = (tool: ToolDescription) => (tool.taskSupport === 'forbidden' ? 1 : 0);
  return [...tools].sort((a, b) => plain(a) - plain(b) || (a.name < b.name ? -1 : 1));
}
