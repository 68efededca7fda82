// Several tasks on several servers: each is polled at its own interval, and each is printed when it settles.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { demoTarget } from './demo-target.ts';

const store = createMemoryStore();
const servers = await Promise.all(
  ['north', 'south', 'west'].map(async (label) => {
    const connection = await connect(demoTarget(), { label });
    return createTaskClient({ connection, store });
  }),
);

await Promise.all(
  servers.flatMap((tasks) =>
    ['tides', 'winds'].map(async (topic) => {
      const task = await tasks.start({ name: 'report', arguments: { topic } });
      const { status } = await task.outcome();
      console.log(`${tasks.connection.identity.label}: the report on ${topic} ended ${status}`);
    }),
  ),
);

for (const record of (await store.list()).records) console.log(record.server.label, record.id, record.status);
await Promise.all(servers.map((tasks) => tasks.close()));
