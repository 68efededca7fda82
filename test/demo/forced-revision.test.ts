import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect, test } from 'vitest';
import { type DemoOptions, type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { CHILD, NODE_24, send } from './support.ts';

type Revision = NonNullable<DemoOptions['revision']>;

let demo: RunningDemo | undefined;
afterEach(async () => {
  await demo?.stop();
  demo = undefined;
});

const command = (revision: Revision) => ({
  command: NODE_24,
  args: ['--no-warnings', CHILD, JSON.stringify({ stdio: true, speed: 0.05, revision })],
});
const newest = () => new Client({ name: 'official', version: '2' }, { versionNegotiation: { mode: 'auto' } });

test.each<Revision>(['2025-11-25', '2026-07-28'])(
  'over HTTP a client that speaks both revisions negotiates %s',
  async (revision) => {
    demo = await serveDemoHttp({ speed: 0.05, revision });
    const client = newest();
    await client.connect(new StreamableHTTPClientTransport(new URL(demo.url)));
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(JSON.stringify(await client.callTool({ name: 'hello', arguments: {} }))).toContain('Hello, world.');
    await client.close();
  },
);

test.each<Revision>(['2025-11-25', '2026-07-28'])(
  'over stdio a client that speaks both revisions negotiates %s',
  async (revision) => {
    const client = newest();
    await client.connect(new StdioClientTransport(command(revision)));
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(JSON.stringify(await client.callTool({ name: 'hello', arguments: {} }))).toContain('Hello, world.');
    await client.close();
  },
);

test('a demo of 2026-07-28 alone refuses a client of 2025-11-25, over HTTP and stdio', async () => {
  demo = await serveDemoHttp({ revision: '2026-07-28' });
  await expect(connectSdkV1(demo.url)).rejects.toThrow();
  const client = new ClientV1({ name: 'official', version: '1' });
  await expect(client.connect(new StdioV1(command('2026-07-28')))).rejects.toThrow();
  await client.close();
});

test('a demo of 2025-11-25 alone refuses a request of 2026-07-28', async () => {
  demo = await serveDemoHttp({ revision: '2025-11-25' });
  const answer = await send(demo.url, 'tools/list', {});
  expect(answer.status).toBe(400);
  expect(answer.result).toBeUndefined();
});
