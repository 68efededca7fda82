// Durable tasks below any MCP client: here SDK 1.x, which does not know tasks. (AI SDK and LangChain work the same
// way.)
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createTaskTransport } from '@mcp-tasks/client/transport';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { demoTarget } from './demo-target.ts';

const tasks = createTaskClient({ connect: () => connect(demoTarget()), store: createMemoryStore() });
const client = new Client({ name: 'my-agent', version: '1.0.0' }, { capabilities: { elicitation: {} } });
await client.connect(createTaskTransport(tasks, { labels: { thread: 't1' } }));
client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
  console.log('Asked:', params.message);
  const content = params.message.startsWith('Release') ? { approve: true } : { strategy: 'rolling' };
  return { action: 'accept' as const, content };
});

const result = await client.callTool({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
console.log(result.structuredContent);
const { records } = await tasks.list({ labels: { thread: 't1' } });
console.log(records.map(({ tool, status }) => `${tool}: ${status}`));
await client.close();
await tasks.close();
