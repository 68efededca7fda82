// Serves the board over stdio with its cards as durable tasks: the board is the state, the protocol is the view.
import { randomUUID } from 'node:crypto';
import { type CallToolResult, type ListToolsResult, ProtocolError, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { type Move, readTaskState, type TaskRecord, writeTaskState } from './board.ts';

const APPROVAL = { type: 'object', properties: { approve: { type: 'boolean' } }, required: ['approve'] };
const TOOLS = ['open_card', 'move_card'].map((name) => ({ name, inputSchema: { type: 'object' } }));
const capabilities = { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const schemas = { params: z.looseObject({ taskId: z.string() }), result: z.looseObject({}) };

function encodeTask({ taskId, title, status, updatedAt, notes = title }: TaskRecord) {
  const params = { mode: 'form', message: notes, requestedSchema: APPROVAL };
  const payload = {
    working: {},
    input_required: { inputRequests: { approval: { method: 'elicitation/create', params } } },
    completed: { result: { content: [{ type: 'text', text: `${title}: ${notes}` }] } },
    failed: { error: { code: -32000, message: notes } },
    cancelled: {},
  }[status];
  const times = { createdAt: updatedAt, lastUpdatedAt: updatedAt, ttlMs: null, pollIntervalMs: 300 };
  return { taskId, status, statusMessage: notes, ...times, ...payload };
}

function find(taskId: string): TaskRecord {
  const card = readTaskState(taskId);
  if (card === undefined) throw new ProtocolError(-32602, `No card ${taskId}`);
  return card;
}

serveStdio(() => {
  const server = new Server({ name: 'board', version: '1.0.0' }, { capabilities });
  server.setRequestHandler('tools/list', () => ({ tools: TOOLS }) as ListToolsResult);
  server.setRequestHandler('tools/call', ({ params: { name, arguments: args = {} } }) => {
    const { taskId = randomUUID(), ...move } = args as Move & { taskId?: string };
    const card = writeTaskState(taskId, move);
    if (name === 'open_card') return { resultType: 'task', ...encodeTask(card) } as unknown as CallToolResult;
    return { content: [{ type: 'text', text: `${card.title} is ${card.status} now` }] };
  });
  server.setRequestHandler('tasks/get', schemas, ({ taskId }) => encodeTask(find(taskId)));
  server.setRequestHandler('tasks/cancel', schemas, ({ taskId }) => {
    writeTaskState(find(taskId).taskId, { status: 'cancelled' });
    return {};
  });
  server.setRequestHandler('tasks/update', schemas, ({ taskId }, { mcpReq }) => {
    const answer = mcpReq.inputResponses?.approval as { content?: { approve?: boolean } } | undefined;
    const approved = answer?.content?.approve === true;
    writeTaskState(find(taskId).taskId, { status: approved ? 'completed' : 'cancelled', notes: 'Decided by a person' });
    return {};
  });
  return server;
});
