// mcp-tasks call echo -- node asks-for-roots.mjs [wait]      (stdin not a terminal, no terminal)
// The server sends a request that the client never declared, during a plain call.
// Expected: the reply is -32601, the call ends with "hello", exit 0. A received result is never hidden behind
// exit 6, and "completed" and "input_required" are not both printed.
import { initialize, send, serve, text } from './stdio-base.mjs';

let call;
serve({
  initialize,
  'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
  'tools/call'(m) {
    send({ id: 9, method: 'roots/list' });
    if (process.argv[2] !== 'wait') return text('hello');
    call = m.id;
  },
  onReply: () => send({ id: call, result: text('hello') }),
});
