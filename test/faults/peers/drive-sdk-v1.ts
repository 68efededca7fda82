import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Instructions, REQUEST_TIMEOUT_MS, type Report, YES } from './contender.ts';

/** Notes that its host must save: the task belongs to the session. */
interface Notes {
  readonly taskId: string;
  readonly session: { readonly sessionId?: string };
}

export async function driveSdkV1(
  { url, tool, args, act, questions, home }: Instructions,
  report: Report,
): Promise<void> {
  const client = new Client({ name: 'peer', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  if (questions === 'accept') {
    client.setRequestHandler(ElicitRequestSchema, () => {
      report({ kind: 'asked' });
      return { action: 'accept' as const, content: { ...YES.content } };
    });
  }
  const notes = join(home, 'notes.json');
  const kept = act === 'resume from notes' ? (JSON.parse(readFileSync(notes, 'utf8')) as Notes) : undefined;
  const transport = new StreamableHTTPClientTransport(new URL(url), kept?.session ?? {});
  await client.connect(transport as Transport);
  if (kept !== undefined) {
    const result = await client.experimental.tasks.getTaskResult(kept.taskId, CallToolResultSchema);
    return report({ kind: 'ended', status: result.isError === true ? 'failed' : 'completed' });
  }
  await client.listTools();
  if (act === 'resume') {
    const { tasks } = await client.experimental.tasks.listTasks();
    return report({ kind: 'ended', status: tasks.length === 0 ? 'nothing to resume' : 'listed, not resumed' });
  }
  report({ kind: 'calling' });
  const options = { task: {}, timeout: REQUEST_TIMEOUT_MS };
  const stream = client.experimental.tasks.callToolStream(
    { name: tool, arguments: { ...args } },
    CallToolResultSchema,
    options,
  );
  for await (const message of stream) {
    if (message.type === 'taskCreated') {
      const { sessionId } = transport;
      const session = sessionId === undefined ? {} : { sessionId };
      writeFileSync(notes, JSON.stringify({ taskId: message.task.taskId, session } satisfies Notes));
      report({ kind: 'task', taskId: message.task.taskId });
      if (act !== 'close early') continue;
      await client.close();
      report({ kind: 'closed' });
      return;
    }
    if (message.type === 'result') return report({ kind: 'ended', status: 'completed' });
    if (message.type === 'error') return report({ kind: 'ended', status: 'failed', text: message.error.message });
  }
}
