// A server of 2026-07-28 over stdio with one task and the fault named in its argument.
import { createInterface } from 'node:readline';

const [fault = '', ...rest] = process.argv.slice(2);
const EXTENSION = 'io.modelcontextprotocol/tasks';
const task = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 250 };
const result = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const password = { method: 'elicitation/create', params: { mode: 'form', message: 'The password, please' } };
const counts = {};
let answered = false;

const put = (text) => process.stdout.write(text);
const write = (message) => put(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** Each fault replaces the replies to the first two polls; an unanswered poll is repeated. */
const faults = {
  'half a line': (id) => put(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"taskId":"t1",\n`),
  'no JSON-RPC': (id) => put(`${JSON.stringify([{ id }])}\n"text"\n{"jsonrpc":"1.0","id":${JSON.stringify(id)}}\n7\n`),
  'a line of 100 MB': (id) => {
    put(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"text":"`);
    for (let megabyte = 0; megabyte < 100; megabyte += 1) put('a'.repeat(1024 * 1024));
    put('"}}\n');
  },
};

function chatter() {
  put('Segmentation fault (core dumped)\n\u0000\u0007\u001b[31m not a message\n{"level":"info"}\n');
  write({ id: 'nobody', result: { taskId: 't1', status: 'cancelled' } });
  write({ id: null, error: { code: -32700, message: 'Parse error' } });
  write({ method: 'notifications/tasks', params: { taskId: 7 } });
}

function get(id) {
  if (fault === 'chatter') chatter();
  const spoilt = faults[fault];
  if (fault === 'busy' && counts['tasks/get'] <= 5) {
    return write({ id, error: { code: -32603, message: 'busy, ask again' } });
  }
  if (spoilt !== undefined && counts['tasks/get'] <= 2) return spoilt(id);
  if (fault === 'asks' && !answered) {
    return write({ id, result: { ...task, status: 'input_required', inputRequests: { secret: password } } });
  }
  return write({ id, result: { resultType: 'complete', ...task, status: 'completed', result } });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  counts[method] = (counts[method] ?? 0) + 1;
  switch (method) {
    case 'server/discover':
      return write({
        id,
        result: {
          resultType: 'complete',
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: {}, extensions: { [EXTENSION]: {} } },
          ttlMs: 0,
          cacheScope: 'private',
          _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'faulty', version: '1' } },
        },
      });
    case 'tools/list':
      return write({
        id,
        result: { resultType: 'complete', tools: [{ name: 'deploy', inputSchema: { type: 'object' } }] },
      });
    case 'tools/call':
      if (rest.includes('--spoil-call')) return faults[fault](id);
      return write({ id, result: { resultType: 'task', ...task } });
    case 'tasks/get':
      return get(id);
    case 'tasks/update':
      answered = true;
      return write({ id, result: { resultType: 'complete' } });
    case 'counts':
      return write({ id, result: counts });
    default:
      if (id !== undefined) write({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
