// mcp-tasks call ask -- node questions-with-odd-keys.mjs
// Expected: a task of 2026-07-28 asks under `constructor`, `__proto__` and `toString`: each is shown, answered and sent
// like any other. The result contains the answers that arrived.
import { send, serve } from './stdio-base.mjs';

const KEYS = ['constructor', '__proto__', 'toString'];
const task = { taskId: 'valueOf', ttlMs: 600_000, pollIntervalMs: 250 };
const requestedSchema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
const params = { mode: 'form', message: 'Go on?', requestedSchema };
const answers = new Map();

serve({
  'server/discover': {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'odd', version: '1' } },
  },
  'tools/list': { resultType: 'complete', tools: [{ name: 'ask', inputSchema: { type: 'object' } }] },
  'tools/call': { resultType: 'task', ...task, status: 'working' },
  'tasks/get': ({ id }) => {
    const open = KEYS.filter((key) => !answers.has(key));
    const inputRequests = Object.fromEntries(open.map((key) => [key, { method: 'elicitation/create', params }]));
    if (open.length > 0) return { resultType: 'complete', ...task, status: 'input_required', inputRequests };
    const text = JSON.stringify(Object.fromEntries(answers));
    const result = { resultType: 'complete', content: [{ type: 'text', text }] };
    send({ id, result: { resultType: 'complete', ...task, status: 'completed', result } });
  },
  'tasks/update': ({ params: { inputResponses } }) => {
    for (const [key, response] of Object.entries(inputResponses)) answers.set(key, response.content?.ok);
    return { resultType: 'complete' };
  },
});
