// A stdio server whose tool takes nested arguments that no field list can show, and returns them.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const inputSchema = {
  type: 'object',
  required: ['name', 'where', 'stops'],
  properties: {
    name: { type: 'string', title: 'Name' },
    where: {
      type: 'object',
      title: 'Where',
      required: ['city'],
      properties: { city: { type: 'string', title: 'City', minLength: 2 }, zip: { $ref: '#/$defs/zip' } },
    },
    stops: { type: 'array', title: 'Stops', minItems: 1, items: { $ref: '#/$defs/stop' } },
  },
  $defs: {
    zip: { type: 'string', title: 'Zip', pattern: '^\\d{5}$' },
    stop: { type: 'object', required: ['at'], properties: { at: { type: 'integer' } } },
  },
};

const server = new Server({ name: 'nested', version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [{ name: 'plan-trip', description: 'Plans a trip.', inputSchema }],
}));
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
  content: [
    { type: 'text', text: `planned ${JSON.stringify(params.arguments)}` },
    { type: 'resource_link', uri: 'file:///trip.ics', name: 'trip.ics', mimeType: 'text/calendar' },
    { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
  ],
  structuredContent: { stops: params.arguments?.stops ?? [] },
}));
await server.connect(new StdioServerTransport());
