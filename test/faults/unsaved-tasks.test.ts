import { expect, test } from 'vitest';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { CREATED, createWorld, WORKING } from './world.ts';

type Loss = 'hangs' | 'refuses';
const WRITES = ['update', 'updateMany', 'renew', 'claim'] as const;

/** A client whose store fails while `loss.kind` is set, from the creation of the task on. */
function clientWithFailingStore(kind: Loss) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const loss: { kind: Loss | undefined } = { kind: undefined };
  const seen: Record<string, unknown> = { ...store };
  for (const name of WRITES) {
    const method = store[name] as (...args: unknown[]) => Promise<unknown>;
    seen[name] = (...args: unknown[]) => {
      if (loss.kind === 'hangs') return new Promise(() => undefined);
      if (loss.kind === 'refuses')
        return Promise.reject(new TaskError('store-unwritable', 'the store is out of reach'));
      return method(...args);
    };
  }
  const world = createWorld(
    ({ method }) => {
      if (method === 'tools/call') loss.kind = kind;
      return method === 'tools/call' ? CREATED : WORKING;
    },
    { store: seen as unknown as TaskStore, clock },
  );
  return { ...world, store, loss };
}

test.each(['hangs', 'refuses'] as const)(
  `${verifies('C2', 'the handle of a task whose store')} %s is returned once the id is on disk, not before`,
  async (kind) => {
    for (const lostMs of [3_000, 6_500]) {
      const { client, clock, store, loss, connection } = clientWithFailingStore(kind);
      let onDisk: unknown = 'no handle yet';
      const call = acceptedCall(client, { name: 'deploy' }).then(async (answer) => {
        onDisk = (await store.list()).records.map(({ taskId, phase }) => [taskId, phase]);
        return answer;
      });
      await clock.advance(lostMs);
      expect(onDisk).toBe('no handle yet');
      loss.kind = undefined;
      await clock.advance(10_000);
      expect(onDisk).toEqual([['t1', 'open']]);
      expect((await call).kind).toBe('task');
      expect(connection.count('tools/call')).toBe(1);
      const polls = connection.count('tasks/get');
      await clock.advance(3_000);
      expect(connection.count('tasks/get')).toBeGreaterThan(polls);
      await client.close();
      expect(clock.pending).toBe(0);
    }
  },
);

test(
  verifies('C2', 'a wait for a task that is not on disk yet can be aborted, and the id is saved later'),
  async () => {
    const { client, clock, store, loss } = clientWithFailingStore('refuses');
    const leaving = new AbortController();
    const call = acceptedCall(client, { name: 'deploy', signal: leaving.signal }).catch((error: unknown) => error);
    await clock.advance(1_000);
    leaving.abort();
    expect(await call).toMatchObject({ code: 'aborted' });
    loss.kind = undefined;
    await clock.advance(3_000);
    expect((await store.list()).records).toMatchObject([{ taskId: 't1', phase: 'open' }]);
    await client.close();
  },
);

test(
  verifies('C2', 'a caller whose store stays lost gets an error with the task id, and the id is saved later'),
  async () => {
    for (const kind of ['hangs', 'refuses'] as const) {
      const { client, clock, store, loss, connection } = clientWithFailingStore(kind);
      const call = acceptedCall(client, { name: 'deploy' }).catch((error: unknown) => error);
      await clock.advance(20_000);
      expect(await call).toMatchObject({ code: 'unreachable', message: expect.stringContaining('t1') });
      loss.kind = undefined;
      await clock.advance(10_000);
      expect((await store.list()).records).toMatchObject([{ taskId: 't1', phase: 'open' }]);
      expect(connection.count('tasks/get')).toBeGreaterThan(0);
      await client.close();
      expect(clock.pending).toBe(0);
    }
  },
);

test(verifies('C2', 'closing a client before a task is on disk rejects its call with the task id'), async () => {
  const { client, clock } = clientWithFailingStore('refuses');
  const call = acceptedCall(client, { name: 'deploy' }).catch((error: unknown) => error);
  await clock.advance(3_000);
  await client.close();
  expect(await call).toMatchObject({ code: 'unreachable', message: expect.stringContaining('t1') });
  expect(clock.pending).toBe(0);
});
