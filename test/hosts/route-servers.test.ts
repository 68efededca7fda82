import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createTaskClient, type TaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { taskRoutes } from '@mcp-tasks/client/routes';
import express from 'express';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';

type Routes = ReturnType<typeof taskRoutes>;

const servers: ReadonlyArray<readonly [string, (routes: Routes) => RequestListener]> = [
  ['node:http', (routes) => getRequestListener(routes)],
  ['Hono', (routes) => getRequestListener(new Hono().all('/tasks/*', (context) => routes(context.req.raw)).fetch)],
  ['Express', (routes) => express().all(['/tasks', '/tasks/*path'], getRequestListener(routes)) as RequestListener],
];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function connectToDemo(): Promise<TaskClient> {
  const demo = await serveDemoHttp({ speed: 0.05 });
  onTestFinished(() => demo.stop());
  const tasks = createTaskClient({
    connect: () => connect({ kind: 'url', url: demo.url }),
    store: createMemoryStore(),
  });
  onTestFinished(() => tasks.close());
  return tasks;
}

test.each(servers)(
  'under %s a task is read, followed to its end by events, and refused to unknown callers',
  async (_, mount) => {
    const tasks = await connectToDemo();
    const routes = taskRoutes(tasks, {
      authorize: ({ headers }) => (headers.get('authorization') === 'Bearer mine' ? {} : undefined),
    });
    const url = await serve(mount(routes));
    const { id } = await tasks.start({ name: 'report', arguments: {} });
    const headers = { authorization: 'Bearer mine' };
    expect((await fetch(`${url}/tasks/${id}`)).status).toBe(401);
    const events = await (await fetch(`${url}/tasks/${id}/events`, { headers })).text();
    expect(events).toMatch(/^id: status-[\da-f]+\nevent: status\ndata: \{"kind":"status"/);
    expect(events).toMatch(/\nevent: settled\ndata: .*\n\n$/);
    expect(await (await fetch(`${url}/tasks/${id}`, { headers })).json()).toMatchObject({
      task: { status: 'completed' },
    });
    const refused = await fetch(`${url}/tasks/${id}/cancel`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([refused.status, await refused.json()]).toMatchObject([409, { error: { code: 'already-settled' } }]);
  },
);

test('a disconnected reader ends its event stream, not the task', async () => {
  const tasks = await connectToDemo();
  let ended = 0;
  const routes = taskRoutes(
    {
      start: tasks.start,
      list: tasks.list,
      get(id) {
        const handle = tasks.get(id);
        const follow = handle.updates.bind(handle);
        return Object.assign(handle, {
          updates() {
            const updates = follow();
            const end = updates.return?.bind(updates);
            updates.return = (value) => {
              ended += 1;
              return end?.(value) ?? Promise.resolve({ done: true, value });
            };
            return updates;
          },
        });
      },
    },
    { authorize: () => ({}) },
  );
  const url = await serve(getRequestListener(routes));
  const { id } = await tasks.start({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
  const gone = new AbortController();
  const { body } = await fetch(`${url}/tasks/${id}/events`, { signal: gone.signal });
  await body?.getReader().read();
  expect(ended).toBe(0);
  gone.abort();
  await expect.poll(() => ended).toBe(1);
  await expect.poll(async () => (await tasks.get(id).record()).status).toBe('input_required');
});
