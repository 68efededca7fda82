// mcp-tasks call echo --verbose -- node logs.mjs FILE
// The server logs in the middle of a call: words, an object, and a line that would move the cursor and is endless. It
// answers once there is a FILE, so that all of it has been shown.
// Expected: with --verbose each is one harmless line on standard error, cut; without it none is shown.
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
