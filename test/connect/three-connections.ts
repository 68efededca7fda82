import type { Connection } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';

const info = { name: 'host', version: '1' };
const capabilities = { elicitation: { form: {} } };

/** The three kinds of HTTP connection: ours, and a host's client of either SDK version. */
export const connections: readonly (readonly [string, (url: string) => Promise<Connection>])[] = [
  ['our own connection', (url) => connect({ kind: 'url', url })],
  [
    "a host's client of SDK 1.x",
    async (url) => {
      const client = new ClientV1(info, { capabilities });
      await client.connect(new HttpV1(new URL(url)));
      onTestFinished(() => client.close());
      return fromSdkV1(client);
    },
  ],
  [
    "a host's client of SDK 2.x",
    async (url) => {
      const client = new ClientV2(info, { capabilities });
      await client.connect(new HttpV2(new URL(url)));
      onTestFinished(() => client.close());
      return fromSdkV2(client);
    },
  ],
];
