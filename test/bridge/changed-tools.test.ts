import { resolve } from 'node:path';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { bridgeHome, start, startHost } from './support.ts';

const GROWING = resolve(import.meta.dirname, 'growing-server.mjs');
const growing = () => ({
  home: bridgeHome(),
  target: ['--', process.execPath, GROWING],
});

test('a host of 2025-11-25 is notified of changed tools and lists the new ones', async () => {
  const host = await startHost(growing());
  const notified = new Promise<void>((resolve) => {
    host.client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
  });
  const names = async () => (await host.client.listTools()).tools.map(({ name }) => name);
  expect(await names()).not.toContain('grown');
  await host.call('grow');
  await notified;
  expect(await names()).toContain('grown');
  await host.close();
});

test('a subscribed host of 2026-07-28 over stdio is notified of changed tools', async () => {
  const bridged = growing();
  const running = start(['bridge', ...bridged.target], bridged);
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'some-host', version: '1' },
  };
  const ask = (id: number, method: string, params: object): void => {
    running.process.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } })}\n`);
  };
  ask(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
  await running.waitFor('subscriptions/acknowledged');
  ask(2, 'tools/call', { name: 'grow', arguments: {} });
  await running.waitFor('notifications/tools/list_changed');
  ask(3, 'tools/list', {});
  await running.waitFor('"name":"grown"');
  running.process.stdin?.end();
  expect((await running.done).code).toBe(0);
});
