// A server whose tool `grow` adds the tool `grown` and notifies its client.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'growing', version: '1.0.0' });
server.registerTool('grow', {}, () => {
  server.registerTool('grown', {}, () => ({ content: [] }));
  return { content: [{ type: 'text', text: 'grows' }] };
});
await server.connect(new StdioServerTransport());
