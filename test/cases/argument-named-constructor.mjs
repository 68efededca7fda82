// mcp-tasks call make --arg name=a -- node argument-named-constructor.mjs
// Expected: `constructor` is optional and was not given: the call is sent, exit 0. The same for toString, valueOf, __proto__.
import { initialize, serve, text } from './stdio-base.mjs';

const inputSchema = { type: 'object', properties: { name: { type: 'string' }, constructor: { type: 'string' } } };
serve({
  initialize,
  'tools/list': { tools: [{ name: 'make', inputSchema }] },
  'tools/call': (m) => text(JSON.stringify(m.params.arguments)),
});
