import { expect, onTestFinished, test } from 'vitest';
import { serveFaulty } from '../faults/faulty-server.ts';
import { connections } from './three-connections.ts';

test.each(connections)('over %s, a 401 without credentials is an auth failure and is not retried', async (_, open) => {
  for (const revision of ['2026-07-28', '2025-11-25'] as const) {
    const server = await serveFaulty(({ method }) => (method === 'tasks/get' ? { status: 401 } : undefined), {
      revision,
    });
    const connection = await open(server.url).catch(() => undefined);
    if (connection === undefined) continue; // SDK 1.x does not speak this revision
    onTestFinished(() => connection.close());
    const failure = await connection.request('tasks/get', { taskId: 't1' }).catch((error) => error.failure);
    expect([failure.kind, server.count('tasks/get')]).toEqual(['auth', 1]);
  }
});
