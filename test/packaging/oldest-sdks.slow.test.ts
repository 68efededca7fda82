import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { packBoth, root } from './pack.ts';

const run = promisify(execFile);
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'packages/client/package.json'), 'utf8'));
const oldest = (name: string): string => `${name}@${String(peerDependencies[name]).replace('^', '')}`;

const HOST = `
import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as V2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as V1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const url = new URL(process.argv[2]);
const host = { name: 'host', version: '1.0.0' };
const capabilities = { elicitation: { form: {} } };
const v1 = new V1(host, { capabilities });
await v1.connect(new HttpV1(url));
const v2 = new V2(host, { capabilities, versionNegotiation: { mode: 'auto' } });
await v2.connect(new HttpV2(url));
for (const connection of [fromSdkV1(v1), fromSdkV2(v2)]) {
  const store = createMemoryStore();
  const tasks = createTaskClient({ connection, store });
  const { structuredContent } = await tasks.run({ name: 'release' }, {
    onQuestion: ({ request: { params } }) => {
      const isStrategy = 'strategy' in params.requestedSchema.properties;
      return { action: 'accept', content: isStrategy ? { strategy: 'canary' } : { approve: true } };
    },
  });
  const [{ taskId }] = (await store.list()).records;
  console.log(connection.negotiated.revision, taskId === null ? 'no task' : 'a task', structuredContent.live);
  await tasks.close();
}
await v1.close();
await v2.close();
`;

test('npm accepts the oldest SDKs of the peer ranges, and tasks run on both', async () => {
  const demo = await serveDemoHttp({ speed: 0.05 });
  onTestFinished(() => demo.stop());
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-oldest-'));
  const sdks = ['@modelcontextprotocol/client', '@modelcontextprotocol/sdk'].map(oldest);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, 'host.js'), HOST);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, '--strict-peer-deps', packBoth().client, ...sdks], { cwd: folder });
  const { stdout } = await run(process.execPath, ['host.js', demo.url], { cwd: folder });
  expect(stdout).toBe('2025-11-25 a task true\n2026-07-28 a task true\n');
}, 180_000);
