import type { Target } from '@mcp-tasks/client';

/** The words for a URL target on a command line; a protocol other than MCP is a prefix. */
export function urlWords({ url, protocol }: Omit<Extract<Target, { kind: 'url' }>, 'kind'>): string {
  return protocol === undefined ? url : `${protocol}:${url}`;
}
