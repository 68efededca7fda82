// Calls a tool, shows what its task says on the way, and prints what the call returned.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { demoTarget } from './demo-target.ts';

const connection = await connect(demoTarget());
const tasks = createTaskClient({ connection, store: createMemoryStore() });

const call = await tasks.callTool({ name: 'report', arguments: { topic: 'tides' } });
if (call.kind === 'complete') {
  console.log('The server answered at once:', call.result);
} else {
  for await (const update of call.task.updates()) {
    if (update.kind === 'status') console.log(`${update.record.status}: ${update.record.statusMessage ?? ''}`);
  }
  const outcome = await call.task.outcome();
  console.log(`The task ended ${outcome.status}:`, outcome.result?.content);
}
await tasks.close();
