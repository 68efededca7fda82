import type { ToolDescription } from '@mcp-tasks/client';

export function matchingTools(tools: readonly ToolDescription[], filter: string): readonly ToolDescription[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return tools;
  return tools.filter((tool) => `${tool.name} ${tool.title ?? ''}`.toLowerCase().includes(wanted));
}
