import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgentTask, endOf, FAILURE, openAgentLog, stateOf } from './agent-log.ts';
import type { JsonRecord } from './wire-ledger.ts';

/** An A2A 1.0 agent in its own process, whose tasks outlive it: `node agent-child.ts FILE`. */
const log = openAgentLog(process.argv[2] ?? '');

class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const agentMessage = (messageId: string, text: string) => ({ messageId, role: 'ROLE_AGENT', parts: [{ text }] });

function show(task: AgentTask): JsonRecord {
  const { created, messages } = task;
  const state = stateOf(task, Date.now());
  const asked =
    state === 'INPUT_REQUIRED' ? { message: agentMessage(`q-${created.id}`, `Which region, ${created.nonce}?`) } : {};
  const failed = state === 'FAILED' ? { message: agentMessage(`f-${created.id}`, FAILURE) } : {};
  const artifacts = state === 'COMPLETED' ? [{ artifactId: 'a', parts: [{ text: endOf(task) }] }] : [];
  const history = [created, ...messages].map(({ messageId }) => ({ messageId, role: 'ROLE_USER', parts: [] }));
  const status = { state: `TASK_STATE_${state}`, timestamp: new Date().toISOString(), ...asked, ...failed };
  return { id: created.id, contextId: `c-${created.id}`, status, artifacts, history };
}

function find(id: unknown): AgentTask {
  const task = log.tasks.get(String(id));
  if (task === undefined) throw new Refusal(-32001, 'Task not found');
  return task;
}

function send({ message }: JsonRecord): JsonRecord {
  const { messageId, taskId, parts } = message as { messageId: string; taskId?: string; parts: JsonRecord[] };
  const text = String(parts.find((part) => part.text !== undefined)?.text);
  const data = parts.find((part) => part.data !== undefined)?.data as JsonRecord | undefined;
  const at = Date.now();
  if (taskId === undefined) {
    const id = randomUUID();
    log.write({ kind: 'task', id, nonce: String(data?.soak), command: text, messageId, at });
    return { task: show(find(id)) };
  }
  const task = find(taskId);
  if (!['WORKING', 'INPUT_REQUIRED'].includes(stateOf(task, at))) throw new Refusal(-32004, 'The task has ended');
  log.write({ kind: 'message', id: taskId, text, messageId, at });
  return { task: show(task) };
}

function answer(method: unknown, params: JsonRecord): JsonRecord {
  switch (method) {
    case 'SendMessage':
      return send(params);
    case 'GetTask':
      return show(find(params.id));
    case 'CancelTask': {
      const task = find(params.id);
      if (['COMPLETED', 'FAILED'].includes(stateOf(task, Date.now()))) throw new Refusal(-32002, 'The task has ended');
      log.write({ kind: 'cancel', id: String(params.id), at: Date.now() });
      return show(task);
    }
    case 'ListTasks':
      return { tasks: [...log.tasks.values()].reverse().slice(0, 100).map(show), nextPageToken: '' };
    default:
      throw new Refusal(-32601, 'Method not found');
  }
}

const card = {
  name: 'Soak',
  version: '1',
  capabilities: {},
  skills: [],
  supportedInterfaces: [{ url: '/rpc', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
};

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const reply = (body: object): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'GET') return reply(card);
  const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as JsonRecord;
  try {
    reply({ jsonrpc: '2.0', id, result: answer(method, params as JsonRecord) });
  } catch (error) {
    const { code, message } = error as Refusal;
    reply({ jsonrpc: '2.0', id, error: { code: code ?? -32603, message } });
  }
}).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
});
