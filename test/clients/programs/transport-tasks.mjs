import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createTaskTransport } from '@mcp-tasks/client/transport';

export function tasksOf(url) {
  const tasks = createTaskClient({ connect: () => connect({ kind: 'url', url }), store: createMemoryStore() });
  return { tasks, transport: createTaskTransport(tasks) };
}
