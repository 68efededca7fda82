// A release with the official helper on 2026-07-28: the host writes the dispatch code, and nothing survives a restart.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';

const url = new URL(process.argv[2] ?? 'http://127.0.0.1:3000/mcp');
const clientInfo = { name: 'my-host', version: '1.0.0' };
const clientCapabilities = { elicitation: { form: {} } };
const client = new Client(clientInfo, { capabilities: clientCapabilities, versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(url));

const session = createTaskSessionFromClient(client, {
  endpointId: url.href,
  v2RequestFraming: { protocolVersion: '2026-07-28', clientInfo, clientCapabilities },
  async rawDispatch(request) {
    const { method, params = {} } = request as unknown as { method: string; params?: Record<string, unknown> };
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        'mcp-name': String(params.taskId ?? params.name),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: crypto.randomUUID(), method, params }),
    });
    const text = await response.text();
    const { result, error } = JSON.parse(text.replace(/^[\s\S]*?data: /, '').trim());
    return error === undefined ? { kind: 'result', result } : { kind: 'error', error };
  },
  async onInputRequest(request) {
    console.log('Asked:', (request as unknown as { params: { message: string } }).params.message);
    return { action: 'accept', content: { approve: true, strategy: 'canary' } } as never;
  },
});

const execution = await session.callTool('release', { service: 'checkout', version: '2.4.0' });
const { outcome } = await execution.settle();
console.log((resultFromTaskOutcome(outcome) as { structuredContent?: unknown }).structuredContent);
await session.close();
await client.close();
