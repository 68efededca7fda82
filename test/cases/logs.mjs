// mcp-tasks call echo --verbose -- node logs.mjs FILE
// During a call the server logs text, an object, and a very long line that would move the cursor. It responds when FILE
// exists: the test creates FILE after all lines have been shown.
// Expected: with --verbose each message is one escaped, shortened line on standard error; without it none is shown.
import { existsSync } from 'node:fs';
import { initialize, send, serve, text } from './stdio-base.mjs';

const log = (params) => send({ method: 'notifications/message', params });
serve({
  initialize: (m) => ({ ...initialize(m), capabilities: { tools: {}, logging: {} } }),
  'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
  'tools/call'(m) {
    log({ level: 'warning', logger: 'db', data: 'the index is stale' });
    log({ level: 'info', data: { message: 'rows copied', rows: 12 } });
    log({ level: 'error', data: `\u001b[2J\u001b]0;owned\u0007gone\n${'x'.repeat(5_000)}` });
    const answer = setInterval(() => {
      if (!existsSync(process.argv[2])) return;
      clearInterval(answer);
      send({ id: m.id, result: text('hello') });
    }, 20);
  },
});
