// A task of an agent that speaks A2A, in the same records and with the same words as every other: argv has its URL.
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
  // An agent asks in words, and is answered in words.
  if (update.kind !== 'question') continue;
  console.log('Asked:', update.request.params.message);
  await update.question.answer({ action: 'accept', content: { text: 'eu' } });
}
const { status, result } = await task.outcome();
console.log(status, result?.content);
await tasks.close();
