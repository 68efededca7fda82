import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { CORE_TASK, callTask, clientOf, RESULT } from './wire-world.ts';

test(
  verifies('X4', 'a task of 2025-11-25 is resumed within its session, which no client ends while the task is open'),
  async () => {
    let done = false;
    const core = CORE_TASK;
    const server = await serveFaulty(
      ({ method }) => {
        if (method === 'tools/call') return { result: { task: core } };
        if (method === 'tasks/get') return { result: { ...core, status: done ? 'completed' : 'working' } };
        return method === 'tasks/result' ? { result: { content: RESULT.content } } : undefined;
      },
      { revision: '2025-11-25' },
    );
    const store = createMemoryStore();
    const first = await clientOf(server.url, { store });
    await callTask(first);
    await first.close();
    const [record] = (await store.list()).records;
    expect(record?.sessionId).toBe('session-1');
    const again = await connect(
      { kind: 'url', url: server.url },
      { sessionId: record?.sessionId ?? '', revision: record?.revision ?? '' },
    );
    const second = createTaskClient({ connection: again, store });
    onTestFinished(() => second.close());
    const task = await second.get('t1').follow();
    done = true;
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
    expect(server.count('initialize')).toBe(1);
    const asked = server.requests.filter(({ method }) => method.startsWith('tasks/'));
    expect(new Set(asked.map(({ headers }) => headers['mcp-session-id']))).toEqual(new Set(['session-1']));
    expect(server.others).not.toContain('DELETE');
  },
);

test(
  verifies('X4', 'a task whose session the server has forgotten is expired, and the error names the session'),
  async () => {
    let forgotten = false;
    const core = CORE_TASK;
    const server = await serveFaulty(
      ({ method }) => {
        if (forgotten) return { status: 404, body: 'Session not found' };
        if (method === 'tools/call') return { result: { task: core } };
        return method === 'tasks/get' ? { result: core } : undefined;
      },
      { revision: '2025-11-25' },
    );
    const task = await callTask(await clientOf(server.url));
    forgotten = true;
    expect(await task.outcome()).toMatchObject({
      status: 'expired',
      error: { message: expect.stringMatching(/session/i) },
    });
  },
);
