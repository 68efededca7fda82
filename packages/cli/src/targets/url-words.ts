import type { Target } from '@mcp-tasks/client';

/** The words that name a URL target on a command line: what it speaks stands before it, where that is not MCP. */
export function urlWords({ url, protocol }: Omit<Extract<Target, { kind: 'url' }>, 'kind'>): string {
  return protocol === undefined ? url : `${protocol}:${url}`;
}
