import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createScriptedConnection } from '../testing/scripted-connection.ts';
import { keeperPlace } from './keeper-place.ts';
import { createKeptClient, type KeeperListeners } from './kept-client.ts';
import { reachKeeper } from './reach-keeper.ts';
import { serveKeeper } from './serve-keeper.ts';

/** A keeper on a real socket, and a front on the same store. */
async function keptServer({
  whileReached = () => undefined,
}: {
  whileReached?: (listeners: KeeperListeners) => void;
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-kept-'));
  const store = createMemoryStore();
  const connection = createScriptedConnection({ revision: '2026-07-28' }, () => ({ content: [] }));
  const { path } = await keeperPlace({ directory, fingerprint: connection.identity.fingerprint, secrets: null });
  const tasks = createTaskClient({ connection, store });
  const keeper = await serveKeeper({ path, tasks, connection });
  const front = await createKeptClient({
    identity: connection.identity,
    store,
    async reach(listeners) {
      const line = await reachKeeper({ path, ...listeners });
      if (line === undefined) throw new Error('no keeper');
      whileReached(listeners);
      return line;
    },
  });
  onTestFinished(async () => {
    await front.close();
    await keeper.close('the test is over');
    await tasks.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return { front, connection };
}

test('a call through a keeper keeps its key, labels, audience and rerunOf on the record', async () => {
  const { front, connection } = await keptServer();
  const named = { key: 'deploy:staging', labels: { thread: 't1' }, audience: ['ops'], rerunOf: 'k7f3q2' };
  const task = await front.start({ name: 'deploy', arguments: { env: 'staging' }, ...named });
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  expect(await task.record()).toMatchObject({ tool: 'deploy', arguments: { env: 'staging' }, ...named });
  expect(connection.count('tools/call')).toBe(1);
});

test('a notification before the connection to the keeper is ready does not end a task', async () => {
  const tools = 'notifications/tools/list_changed';
  const { front } = await keptServer({ whileReached: ({ onNotification }) => onNotification?.(tools, {}) });
  const task = await front.start({ name: 'deploy', arguments: {} });
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});
