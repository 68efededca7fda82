import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { CreateMessageRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, type Bridged, bridgedDemo, startHost, stateOf, textOf } from './support.ts';

const SAMPLED = { role: 'assistant', model: 'm', content: { type: 'text', text: 'Tasks last.' } } as const;
const CAPABILITIES = { sampling: {}, roots: {} };

/** A host on SDK 1.x with a model and folders. */
async function startCapableHost(bridged: Bridged) {
  const asked: string[] = [];
  const host = await startHost(bridged, ['--hold', '20s'], { capabilities: CAPABILITIES });
  onTestFinished(() => host.close());
  host.client.setRequestHandler(CreateMessageRequestSchema, () => {
    asked.push('sampling');
    return SAMPLED;
  });
  host.client.setRequestHandler(ListRootsRequestSchema, () => {
    asked.push('roots');
    return { roots: [{ uri: 'file:///work' }] };
  });
  return { host, asked };
}

test.each(['2025-11-25', '2026-07-28'])(
  'a host with a model and folders answers sampling and roots of a server of %s',
  async (revision) => {
    const demo = bridgedDemo('0.05');
    const { host, asked } = await startCapableHost({ ...demo, target: [...demo.target, '--revision', revision] });
    expect(textOf(await host.call('summarize'))).toContain('Summary: Tasks last.');
    const roots = await host.call('mischief', { undeclared: true, seconds: 0 });
    expect([asked, textOf(roots)]).toEqual([['sampling', 'roots'], expect.stringContaining('Mischief managed')]);
  },
  60_000,
);

test('a host of 2026-07-28 answers sampling within its call', async () => {
  const { home, target } = bridgedDemo('0.05');
  const host = new ClientV2(
    { name: 'modern', version: '1' },
    { capabilities: CAPABILITIES, versionNegotiation: { mode: 'auto' } },
  );
  host.setRequestHandler('sampling/createMessage', () => SAMPLED);
  onTestFinished(() => host.close());
  await host.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [BIN, 'bridge', '--home', stateOf({ home }), '--hold', '20s', ...target],
      env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8' },
    }),
  );
  expect(host.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  const result = await host.callTool({ name: 'summarize', arguments: {} });
  expect(JSON.stringify(result)).toContain('Summary: Tasks last.');
}, 60_000);

test('a host without a model is not asked, and the server gets an error about the missing capability', async () => {
  const host = await startHost(bridgedDemo('0.05'), ['--hold', '20s']);
  onTestFinished(() => host.close());
  const result = await host.call('summarize').catch((error: Error) => error.message);
  expect(JSON.stringify(result)).toMatch(/capabilit|declare/i);
}, 60_000);
