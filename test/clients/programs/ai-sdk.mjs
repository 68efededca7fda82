import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';
import { print, readCall } from './read-call.mjs';

const { server, tool, args, limitMs } = readCall();
const client = await createMCPClient({ transport: new StdioTransport(server) });
const tools = await client.tools();
const call = { toolCallId: 'call-1', messages: [], abortSignal: AbortSignal.timeout(limitMs) };
print(await tools[tool].execute(args, call));
await client.close();
