// mcp-tasks call echo -- node error-is-a-string.mjs [nocode]
// Expected: "something broke" is shown as the server's error, exit 1; no TypeError of ours, no "undefined:" before it.
import { initialize, send, serve } from './stdio-base.mjs';

serve({
  initialize,
  'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
  'tools/call': (m) =>
    send({ id: m.id, error: process.argv[2] === 'nocode' ? { message: 'something broke' } : 'something broke' }),
});
