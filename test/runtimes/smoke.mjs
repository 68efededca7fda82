// The same run on every runtime: a task with two questions, its result, and the host's routes.
import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { taskRoutes } from '@mcp-tasks/client/routes';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export async function smoke(url) {
  const client = new Client(
    { name: 'smoke', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const tasks = createTaskClient({ connection: fromSdkV2(client), store: createMemoryStore() });
  const task = await tasks.start({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
  let asked = 0;
  for await (const update of task.updates()) {
    if (update.kind !== 'question') continue;
    asked += 1;
    await update.question.answer({
      action: 'accept',
      content: asked === 1 ? { approve: true } : { strategy: 'rolling' },
    });
  }
  const { status } = await task.outcome();
  const routes = taskRoutes(tasks, { authorize: () => ({}) });
  const reply = await routes(new Request(`http://host.test/tasks/${task.id}`));
  const events = await (await routes(new Request(`http://host.test/tasks/${task.id}/events`))).text();
  await tasks.close();
  await client.close();
  const { revision } = tasks.connection.negotiated;
  return {
    revision,
    asked,
    status,
    page: (await reply.json()).task.status,
    settledEvent: /event: settled/.test(events),
  };
}
