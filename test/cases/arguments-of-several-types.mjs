// mcp-tasks call t --arg target=Heading -- node arguments-of-several-types.mjs     (also --arg either=abc, --arg
// any=hi, --arg far=hi)
// Expected: a value that is not JSON is sent as a string if the schema allows a string or has no type.
import { initialize, serve, text } from './stdio-base.mjs';

const properties = {
  target: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }, { type: 'null' }] },
  either: { type: ['string', 'integer'] },
  any: {},
  far: { $ref: 'https://example.com/schemas/text.json' },
};
serve({
  initialize,
  'tools/list': { tools: [{ name: 't', inputSchema: { type: 'object', properties } }] },
  'tools/call': (m) => text(JSON.stringify(m.params.arguments)),
});
