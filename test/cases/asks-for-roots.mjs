// mcp-tasks call echo -- node asks-for-roots.mjs [wait]      (stdin not a terminal, no terminal)
// The server asks for something the client never declared, in the middle of a plain call.
// Expected: it is answered with -32601 (nobody can ever answer it), the call ends with "hello", exit 0. A result that
// has arrived is never hidden behind exit 6, and "completed" and "input_required" are not both said.
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
