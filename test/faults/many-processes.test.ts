import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { openSqliteStoreOrMemory } from '../../packages/client/src/store/sqlite-store.ts';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { CORE_TASKS, CREATED, callTask, createWorld, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };

test(
  verifies('M1', 'one of two processes polls, both see the end, and a killed process is replaced within its lease'),
  async () => {
    let now = (): number => Date.now();
    const store = createMemoryStore({ clock: { now: () => now() } });
    let done = false;
    const script = ({ method }: { method: string }) => {
      if (method === 'tools/call') return CREATED;
      return done ? { ...WORKING, status: 'completed', result: RESULT } : WORKING;
    };
    const clock = createFakeClock();
    now = clock.now;
    const world = createWorld(script, { store });
    await callTask(world);
    const second = world.another({ clock });
    const again = await second.client.get('t1').follow();
    for (let second_ = 0; second_ < 20; second_ += 1) {
      await world.clock.advance(1_000);
      await clock.advance(1_000);
    }
    expect(second.connection.sent).toEqual([]);
    // The first process was killed: its clock stands still from here. Only its expired lease shows it.
    await clock.advance(11_500);
    expect(second.connection.count('tasks/get')).toBeGreaterThan(0);
    done = true;
    await clock.advance(2_000);
    expect(await again.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    await second.client.close();
  },
);

test(
  verifies(
    'M2',
    'the same task id on another server, revision or account is a separate record, found by its own client',
  ),
  async () => {
    const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
    const core = world.another({
      revision: '2025-11-25',
      capabilities: CORE_TASKS,
      script: ({ method }) => {
        if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
        return method === 'tools/call' ? { task: WORKING } : WORKING;
      },
    });
    const worlds = [world, world.another({ fingerprint: 'other' }), world.another({ account: 'mona' }), core];
    const tasks = [];
    for (const each of worlds) tasks.push(await callTask(each));
    expect(new Set((await world.store.find('t1')).records.map(({ id }) => id))).toEqual(
      new Set(tasks.map(({ id }) => id)),
    );
    for (const [index, each] of worlds.entries()) {
      expect((await each.client.get('t1').follow()).id).toBe(tasks[index]?.id);
    }
    await expect(world.client.get(tasks[2]?.id ?? '').follow()).rejects.toMatchObject({
      code: 'server-changed',
      message: expect.stringContaining('another account'),
    });
    await Promise.all(worlds.map(({ client }) => client.close()));
  },
);

test(verifies('M3', 'following a record of another server or revision is refused as server-changed'), async () => {
  const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
  await callTask(world);
  await world.client.close();
  const before = (await world.store.list()).records;
  const others = [world.another({ fingerprint: 'other' }), world.another({ revision: '2025-11-25' })];
  for (const other of others) {
    await expect(other.client.get('t1').follow()).rejects.toMatchObject({ code: 'server-changed' });
    await other.clock.advance(10_000);
    expect(other.connection.sent).toEqual([]);
  }
  expect((await world.store.list()).records).toEqual(before);
});

test(verifies('M5', 'a call without a writable store returns its result and warns that it is not saved'), async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-readonly-'));
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(directory, 'home'), 'a file where the directory should be');
  const notices: string[] = [];
  const store = await openSqliteStoreOrMemory({
    directory: join(directory, 'home'),
    onNotice: (text) => notices.push(text),
  });
  const world = createWorld(
    ({ method }) => (method === 'tools/call' ? CREATED : { ...WORKING, status: 'completed', result: RESULT }),
    { store },
  );
  const task = await callTask(world);
  await world.clock.advance(2_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  expect(notices).toEqual([expect.stringContaining('NOT SAVED')]);
  rmSync(directory, { recursive: true });
});

test(
  verifies(
    'M5',
    'a task on a full disk stops polling after seven seconds with a warning, and resumes when there is room',
  ),
  async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore({ clock });
    let full = false;
    const guard =
      <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        if (full) throw new TaskError('store-unwritable', 'database or disk is full');
        return work(...args);
      };
    const { update, updateMany, renew, claim } = memory;
    const guarded = { update: guard(update), updateMany: guard(updateMany), renew: guard(renew), claim: guard(claim) };
    const world = createWorld(
      ({ method }, count) => {
        if (method === 'tools/call') return CREATED;
        return count < 20 ? WORKING : { ...WORKING, status: 'completed', result: RESULT };
      },
      { store: { ...memory, ...guarded }, clock },
    );
    const task = await callTask(world);
    const warnings: string[] = [];
    void (async () => {
      for await (const update of task.updates()) if (update.kind === 'warning') warnings.push(update.message);
    })();
    await clock.advance(3_000);
    full = true;
    const outcome = task.outcome();
    await clock.advance(30_000);
    expect(world.connection.count('tasks/get')).toBeLessThanOrEqual(10);
    expect(await outcome).toMatchObject({ status: 'unreachable', error: { message: expect.stringContaining('full') } });
    expect(warnings).toEqual([expect.stringContaining('not saved')]);
    full = false;
    await clock.advance(30_000);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    await world.client.close();
  },
);
