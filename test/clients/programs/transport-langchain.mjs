// LangChain tools on a client of SDK 1.x, on a transport with tasks: argv holds the server's URL.
import { loadMcpTools } from '@langchain/mcp-adapters';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { tasksOf } from './transport-tasks.mjs';

const { tasks, transport } = tasksOf(process.argv[2]);
const client = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: { elicitation: {} } });
await client.connect(transport);
let asked = 0;
client.setRequestHandler(ElicitRequestSchema, () => {
  asked += 1;
  return { action: 'accept', content: asked === 1 ? { approve: true } : { strategy: 'rolling' } };
});
const tools = await loadMcpTools('demo', client);
const release = tools.find(({ name }) => name.endsWith('release'));
const result = await release.invoke({ service: 'checkout', version: '2.4.0' });
console.log(JSON.stringify({ asked, result, records: (await tasks.list()).records.length }));
await client.close();
await tasks.close();
