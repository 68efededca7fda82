import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgentTask, endOf, FAILURE, openAgentLog, stateOf } from './agent-log.ts';
import type { JsonRecord } from './wire-ledger.ts';

/** A build server with ordinary tools in its own process; its builds outlive it: `node job-child.ts FILE`. */
const log = openAgentLog(process.argv[2] ?? '');

const text = { type: 'string' };
const tool = (name: string, names: readonly string[], readOnlyHint = false) => ({
  name,
  inputSchema: { type: 'object', properties: Object.fromEntries(names.map((each) => [each, text])), required: names },
  annotations: { readOnlyHint },
});
const TOOLS = [
  tool('create_build', ['command', 'soak']),
  tool('get_build', ['id'], true),
  tool('list_builds', [], true),
  tool('answer_build', ['id', 'text']),
  tool('cancel_build', ['id']),
];

function asJson(value: unknown): JsonRecord {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] };
}

function describeBuild(task: AgentTask): JsonRecord {
  const { created } = task;
  const state = stateOf(task, Date.now());
  const message = state === 'INPUT_REQUIRED' ? `Which region, ${created.nonce}?` : state === 'FAILED' ? FAILURE : state;
  return { id: created.id, state, message, ...(state === 'COMPLETED' ? { log: endOf(task) } : {}) };
}

const isOpen = ({ state }: JsonRecord): boolean => state === 'WORKING' || state === 'INPUT_REQUIRED';

const replyWith = (task: AgentTask | undefined): JsonRecord =>
  task === undefined ? refused('No such build') : asJson(describeBuild(task));

function refused(reason: string): JsonRecord {
  return { content: [{ type: 'text', text: reason }], isError: true };
}

function call({ name, arguments: args }: JsonRecord): JsonRecord {
  const given = (args ?? {}) as JsonRecord;
  const id = String(given.id);
  const at = Date.now();
  const task = log.tasks.get(id);
  switch (name) {
    case 'create_build': {
      const made = randomUUID();
      const nonce = String(given.soak);
      log.write({ kind: 'task', id: made, nonce, command: String(given.command), messageId: made, at });
      return replyWith(log.tasks.get(made));
    }
    case 'get_build':
      return replyWith(task);
    case 'list_builds':
      return asJson({ builds: [...log.tasks.values()].map(describeBuild).filter(isOpen) });
    case 'answer_build':
      if (task === undefined || stateOf(task, at) !== 'INPUT_REQUIRED') return refused('It asks nothing');
      log.write({ kind: 'message', id, text: String(given.text), messageId: randomUUID(), at });
      return replyWith(task);
    case 'cancel_build':
      if (task === undefined || ['COMPLETED', 'FAILED'].includes(stateOf(task, at))) return refused('It has ended');
      log.write({ kind: 'cancel', id, at });
      return replyWith(task);
    default:
      return refused(`No tool ${String(name)}`);
  }
}

function answer(method: unknown, params: JsonRecord): JsonRecord | undefined {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'builds', version: '1' },
      };
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: TOOLS };
    case 'tools/call':
      return call(params);
    default:
      return undefined;
  }
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as JsonRecord;
  if (id === undefined) return void response.writeHead(202).end();
  const result = answer(method, (params ?? {}) as JsonRecord);
  const reply = result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...reply }));
}).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/mcp` })}\n`);
});
