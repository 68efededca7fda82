import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { print, readCall } from './read-call.mjs';

const { server, tool, args, limitMs } = readCall();
const client = new MultiServerMCPClient({ mcpServers: { bridged: { transport: 'stdio', ...server } } });
const found = (await client.getTools()).find(({ name }) => name === tool);
print(await found.invoke(args, { timeout: limitMs }));
await client.close();
