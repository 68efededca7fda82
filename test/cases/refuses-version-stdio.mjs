// mcp-tasks tools -- node refuses-version-stdio.mjs
// Expected: the server's own words ("Unsupported protocol version", and which one it has) reach the person; best, the
// client offers the version that `data.supported` names and goes on. Never "did not start", never "ended with code 0".
import { initialize, send, serve } from './stdio-base.mjs';

serve({
  initialize(m) {
    if (m.params.protocolVersion === '2025-06-18') return initialize(m);
    const data = { supported: ['2025-06-18'], requested: m.params.protocolVersion };
    send({ id: m.id, error: { code: -32602, message: 'Unsupported protocol version', data } });
  },
  'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
});
