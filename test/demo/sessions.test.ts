import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { eventually, freshDirectory } from './support.ts';

let demo: RunningDemo | undefined;
afterEach(() => demo?.stop());

const yes = () => ({ action: 'accept' as const, content: { approve: true, strategy: 'rolling' } });

test('a task belongs to its session and is unknown in another', async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
  const [one, other] = [await connectSdkV1(demo.url), await connectSdkV1(demo.url)];
  const taskId = await one.start('report');
  for (const method of ['getTask', 'cancelTask', 'getTaskResult'] as const) {
    await expect(other.client.experimental.tasks[method](taskId)).rejects.toMatchObject({ code: -32602 });
  }
  expect((await other.client.experimental.tasks.listTasks()).tasks).toEqual([]);
  await Promise.all([one.close(), other.close()]);
});

test('a process that reuses a session id resumes its task, including the open question', async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
  const first = await connectSdkV1(demo.url, { answer: () => new Promise(() => {}) });
  const taskId = await first.start('release');
  void first.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema).catch(() => {});
  await eventually(() => first.asked.length).toBe(1);
  const { sessionId } = first.transport;
  await first.close();

  const second = await connectSdkV1(demo.url, { sessionId: sessionId!, answer: yes });
  const result = await second.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  expect(JSON.stringify(result)).toContain('is live');
  await eventually(() => second.asked.map(({ message }) => message)).toHaveLength(2);
  await second.close();
});

test('a session and its tasks outlive a restart of the server', async () => {
  const storeDirectory = freshDirectory();
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory });
  const first = await connectSdkV1(demo.url);
  const taskId = await first.start('report');
  const { sessionId } = first.transport;
  await first.close();
  await demo.stop();

  // Another port: this process still holds connections to the old one.
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory, port: 0 });
  const second = await connectSdkV1(demo.url, { sessionId: sessionId! });
  const result = await second.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  expect(JSON.stringify(result)).toContain('Singapore');
  await second.close();
});

test('DELETE ends a session, and the ended session is not found', async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
  const one = await connectSdkV1(demo.url);
  const taskId = await one.start('report');
  const { sessionId } = one.transport;
  await one.transport.terminateSession();
  await one.close();
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': sessionId!,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { taskId } }),
  });
  expect(response.status).toBe(404);
});
