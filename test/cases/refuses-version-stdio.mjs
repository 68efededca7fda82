// mcp-tasks tools -- node refuses-version-stdio.mjs
// Expected: the client offers the version that `data.supported` names and continues. The output never has "did not
// start" or "ended with code 0".
import { initialize, send, serve } from './stdio-base.mjs';

serve({
  initialize(m) {
    if (m.params.protocolVersion === '2025-06-18') return initialize(m);
    const data = { supported: ['2025-06-18'], requested: m.params.protocolVersion };
    send({ id: m.id, error: { code: -32602, message: 'Unsupported protocol version', data } });
  },
  'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
});
