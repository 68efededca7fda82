// A host on SDK 1.x keeps its client, handlers and timeouts, and gains tasks.
import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { demoCommand } from './demo-target.ts';

const client = new Client({ name: 'my-host', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
await client.connect(new StdioClientTransport(demoCommand()));

const tasks = createTaskClient({ connection: fromSdkV1(client), store: createMemoryStore() });
console.log('Speaks', tasks.connection.negotiated.revision);
const task = await tasks.start({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
for await (const update of task.updates()) {
  if (update.kind === 'status') console.log(update.record.status, '-', update.record.statusMessage);
  if (update.kind !== 'question') continue;
  console.log('Asked:', update.request.params.message);
  const isApproval = String(update.request.params.message).startsWith('Release');
  const content = isApproval ? { approve: true } : { strategy: 'rolling' };
  await update.question.answer({ action: 'accept', content });
}
console.log((await task.outcome()).result?.structuredContent);

// The host's own requests still work on the same client.
console.log((await client.callTool({ name: 'hello', arguments: { name: 'Ada' } })).content);
await tasks.close();
await client.close();
