// Runs a task of an A2A agent with the same records and calls as any other task. argv holds the agent's URL.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';

const url = process.argv[2] ?? 'http://127.0.0.1:4000';
const tasks = createTaskClient({
  connect: () => connect({ kind: 'url', url, protocol: 'a2a' }),
  store: createMemoryStore(),
});

const task = await tasks.start({ name: 'send', arguments: { text: process.argv[3] ?? 'deploy shop' } });
for await (const update of task.updates()) {
  if (update.kind === 'status') console.log(update.record.status, '-', update.record.statusMessage ?? '');
  // An agent's question is text, and so is the answer.
  if (update.kind !== 'question') continue;
  console.log('Asked:', update.request.params.message);
  await update.question.answer({ action: 'accept', content: { text: 'eu' } });
}
const { status, result } = await task.outcome();
console.log(status, result?.content);
await tasks.close();
