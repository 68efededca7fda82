// An AI SDK client on a transport with tasks: argv holds the server's URL.
import { createMCPClient, ElicitationRequestSchema } from '@ai-sdk/mcp';
import { tasksOf } from './transport-tasks.mjs';

const { tasks, transport } = tasksOf(process.argv[2]);
const client = await createMCPClient({ transport, capabilities: { elicitation: {} } });
let asked = 0;
client.onElicitationRequest(ElicitationRequestSchema, () => {
  asked += 1;
  return { action: 'accept', content: asked === 1 ? { approve: true } : { strategy: 'rolling' } };
});
const tools = await client.tools();
const call = { toolCallId: 'call-1', messages: [] };
const result = await tools.release.execute({ service: 'checkout', version: '2.4.0' }, call);
console.log(JSON.stringify({ asked, result, records: (await tasks.list()).records.length }));
await client.close();
await tasks.close();
