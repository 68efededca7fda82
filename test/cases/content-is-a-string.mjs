// mcp-tasks call echo -- node content-is-a-string.mjs
// Expected: the text is on stdout (as text or as JSON), never "(no content)".
import { initialize, serve } from './stdio-base.mjs';

serve({
  initialize,
  'tools/list': {
    tools: [
      { name: 'echo', inputSchema: { type: 'object' } },
      { description: 'a tool without a name', inputSchema: {} },
    ],
  },
  'tools/call': { content: 'plain words' },
}); // and `mcp-tasks tools -- node …`: no row called "undefined"
