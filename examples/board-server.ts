// Serves the board over stdio with ordinary tools, without MCP tasks, as most boards do.
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { type Move, readBoard, readTaskState, status, writeTaskState } from './board.ts';

const taskId = z.string();
const readOnly = { annotations: { readOnlyHint: true } };

/** A tool result: JSON in a text. */
function jsonResult(value: object) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}

serveStdio(() => {
  const server = new McpServer({ name: 'task-board', version: '1.0.0' });
  server.registerTool(
    'open_card',
    { description: 'Open a card on the board', inputSchema: z.object({ title: z.string() }) },
    ({ title }) => jsonResult(writeTaskState(randomUUID(), { title })),
  );
  server.registerTool('read_card', { ...readOnly, inputSchema: z.object({ taskId }) }, (card) => {
    const found = readTaskState(card.taskId);
    return found === undefined
      ? { ...jsonResult({ error: `Unknown task: ${card.taskId}` }), isError: true }
      : jsonResult(found);
  });
  server.registerTool(
    'move_card',
    { inputSchema: z.object({ taskId, status: status.optional(), notes: z.string().optional() }) },
    ({ taskId: id, ...move }) => jsonResult(writeTaskState(id, move as Move)),
  );
  server.registerTool('list_cards', { ...readOnly, inputSchema: z.object({}) }, () =>
    jsonResult({ cards: readBoard() }),
  );
  return server;
});
