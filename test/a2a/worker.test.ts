import { createTaskClient, createTaskWorker, openMailbox } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveAgent } from './agent-server.ts';
import { serveLosingProxy } from './losing-proxy.ts';

test('a worker drives the task of an agent, a mailbox answers it, and the end is delivered', async () => {
  const server = await serveAgent({ isRelative: true });
  onTestFinished(() => server.stop());
  const proxy = await serveLosingProxy(server.url);
  onTestFinished(() => proxy.stop());
  const store = createMemoryStore();
  const connection = await connect({ kind: 'url', url: proxy.url, protocol: 'a2a' });
  const web = createTaskClient({ connection, store, owner: 'web' });
  const task = await web.start({ name: 'send', arguments: { text: 'deploy shop' } });
  await task.accepted();
  await web.close();
  const worker = createTaskWorker({ store, owner: 'worker', connect: ({ target }) => connect(target) });
  onTestFinished(() => worker.stop());
  const ends: string[] = [];
  void (async () => {
    for await (const update of worker.events()) if (update.kind === 'settled') ends.push(update.outcome.status);
  })();
  const mailbox = openMailbox(store);
  onTestFinished(() => mailbox.close());
  const here = mailbox.get(task.id);
  await expect.poll(async () => Object.keys((await here.record()).inputRequests)).not.toEqual([]);
  const [key = ''] = Object.keys((await here.record()).inputRequests);
  proxy.loseReplyTo('"text":"eu"');
  await (await here.question(key)).answer({ action: 'accept', content: { text: 'eu' } });
  expect(await here.outcome()).toMatchObject({ status: 'completed' });
  await expect.poll(() => ends).toEqual(['completed']);
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test('a worker drives a task once its unreachable agent is back', async () => {
  const server = await serveAgent({ isRelative: true });
  onTestFinished(() => server.stop());
  const proxy = await serveLosingProxy(server.url);
  onTestFinished(() => proxy.stop());
  const store = createMemoryStore();
  const connection = await connect({ kind: 'url', url: proxy.url, protocol: 'a2a' });
  const web = createTaskClient({ connection, store, owner: 'web' });
  const task = await web.start({ name: 'send', arguments: { text: 'report please' } });
  await task.accepted();
  await web.close();
  const back = proxy.cut();
  const worker = createTaskWorker({
    store,
    owner: 'worker',
    connect: ({ target }) => connect(target, { timeoutMs: 1_000 }),
  });
  onTestFinished(() => worker.stop());
  await expect.poll(() => proxy.refused).toBeGreaterThan(0);
  back();
  await expect.poll(async () => (await store.read(task.id))?.outcome?.status).toBe('completed');
});
