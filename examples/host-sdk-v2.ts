// A host on SDK 2.x keeps its client and gets a result whether or not the call became a task.
import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { demoCommand } from './demo-target.ts';

const client = new Client({ name: 'my-host', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StdioClientTransport(demoCommand()));

const tasks = createTaskClient({ connection: fromSdkV2(client), store: createMemoryStore() });
console.log('Speaks', tasks.connection.negotiated.revision);
const result = await tasks.run(
  { name: 'report', arguments: { topic: 'tides' } },
  { onProgress: ({ message }) => console.log('…', message) },
);
console.log(result.structuredContent);

// The host's own requests still work on the same client.
console.log((await client.callTool({ name: 'hello', arguments: { name: 'Ada' } })).content);
await tasks.close();
await client.close();
