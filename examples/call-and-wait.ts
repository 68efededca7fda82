// Calls a tool, prints the messages of its task, and prints the result.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { demoTarget } from './demo-target.ts';

const connection = await connect(demoTarget());
const tasks = createTaskClient({ connection, store: createMemoryStore() });

const task = await tasks.start({ name: 'report', arguments: { topic: 'tides' } });
for await (const update of task.updates()) {
  const { status, statusMessage } = update.record;
  if (update.kind === 'status' && statusMessage !== undefined) console.log(`${status}: ${statusMessage}`);
}
const outcome = await task.outcome();
console.log(`The task ended ${outcome.status}:`, outcome.result?.content);
await tasks.close();
