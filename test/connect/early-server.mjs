// A 2025-11-25 server over stdio that sends a question together with the new task: before or after the reply.
import { createInterface } from 'node:readline';

const isEarlier = process.argv.includes('--before');
const lines = (...messages) =>
  process.stdout.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
const task = { taskId: 't1', ttl: 60_000, pollInterval: 250 };
const meta = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } } };
const question = {
  id: 'q1',
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} }, ...meta },
};
const waiting = [];
let answer;

const initialized = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } } } },
  serverInfo: { name: 'early', version: '1' },
};
const tool = { name: 'deploy', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } };
const result = () => ({ content: [{ type: 'text', text: JSON.stringify(answer) }], ...meta });

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, result: given, error } = JSON.parse(line);
  if (method === undefined) {
    answer = given ?? error;
    return lines(...waiting.map((each) => ({ id: each, result: result() })));
  }
  if (id === undefined) return;
  switch (method) {
    case 'initialize':
      return lines({ id, result: initialized });
    case 'tools/list':
      return lines({ id, result: { tools: [tool] } });
    case 'tools/call': {
      const created = { id, result: { task: { ...task, status: 'working' } } };
      return isEarlier ? lines(question, created) : lines(created, question);
    }
    case 'tasks/get':
      // It never reports `input_required`.
      return lines({ id, result: { ...task, status: answer === undefined ? 'working' : 'completed' } });
    case 'tasks/result':
      return answer === undefined ? waiting.push(id) : lines({ id, result: result() });
    default:
      return lines({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
