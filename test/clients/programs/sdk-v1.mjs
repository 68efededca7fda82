import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { print, readCall } from './read-call.mjs';

const { server, tool, args, limitMs } = readCall();
const client = new Client({ name: 'sdk-v1-program', version: '1' });
await client.connect(new StdioClientTransport(server));
await client.listTools(); // after this the client validates results against output schemas
print(await client.callTool({ name: tool, arguments: args }, undefined, { timeout: limitMs }));
await client.close();
