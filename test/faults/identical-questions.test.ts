import { expect, test } from 'vitest';
import type { TaskRecord } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { askApproval, asked, coreServer } from './asking-core-server.ts';
import { collect } from './asking-server.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CORE_WORKING, callTask, createWorld, type World } from './world.ts';

const core = { revision: '2025-11-25' };
const DECLINE = { action: 'decline' };

async function asking() {
  const server = coreServer();
  const world = createWorld(server.script, core);
  const task = await callTask(world);
  await world.clock.advance(1_000);
  return { server, world, task };
}

test(verifies('Q6', 'a poll status of "working" does not withdraw a question that is open on the stream'), async () => {
  const { server, world, task } = await asking();
  const reply = askApproval(world);
  await world.clock.settle();
  const [key = ''] = asked(task);
  server.setStatus('working');
  await world.clock.advance(10_000);
  expect(asked(task)).toEqual([key]);
  await answerNow(task, key, ACCEPT);
  expect(await reply).toEqual(ACCEPT);
  await world.clock.advance(2_000);
  expect(task.latest).toMatchObject({ status: 'working', inputRequests: {} });
  await world.client.close();
});

test(verifies('Q5', 'a poll status of "working" withdraws a question whose stream is gone'), async () => {
  const { server, world, task } = await asking();
  void askApproval(world);
  await world.clock.settle();
  server.setStatus('working');
  server.breakStream();
  await world.clock.advance(2_000);
  expect(asked(task)).toEqual([]);
  await world.client.close();
});

test(
  verifies('Q1', 'two concurrent requests with identical text are two questions, each with its own answer'),
  async () => {
    const { world, task } = await asking();
    const replies = [askApproval(world), askApproval(world)];
    await world.clock.settle();
    const [one = '', two = ''] = asked(task);
    await answerNow(task, two, DECLINE);
    expect(asked(task)).toEqual([one]);
    await answerNow(task, one, ACCEPT);
    expect(await Promise.all(replies)).toEqual([ACCEPT, DECLINE]);
    await world.client.close();
  },
);

test(verifies('Q1', 'a request repeated on the same stream after its answer is a new question'), async () => {
  const { world, task } = await asking();
  const first = askApproval(world);
  await world.clock.settle();
  const [key = ''] = asked(task);
  let second: unknown;
  void first.then(() => {
    second = askApproval(world);
  });
  await answerNow(task, key, ACCEPT);
  await world.clock.settle();
  expect(second).toBeDefined();
  expect(asked(task)).toEqual([`${key}-2`]);
  await world.client.close();
});

/** Leaves the disk as after a kill between sending the answer and recording it. */
async function killedWhileSending({ world, key }: { readonly world: World; readonly key: string }): Promise<void> {
  await world.client.close();
  await world.store.update((await world.store.find('t1')).records[0]?.id ?? '', (record) => {
    const { digest = '' } = record.ledger[key] ?? {};
    const answering = { state: 'answering' as const, digest, response: ACCEPT, since: world.clock.now() };
    return { ...record, ledger: { ...record.ledger, [key]: answering } } satisfies TaskRecord;
  });
}

test(
  verifies(['Q1', 'Q3'], 'an answer in flight at a kill does not answer a question that the task asks later'),
  async () => {
    const { server, world, task } = await asking();
    void askApproval(world);
    await world.clock.settle();
    const [key = ''] = asked(task);
    await killedWhileSending({ world, key });
    server.setStatus('working');
    const next = world.another();
    const again = await next.client.get('t1').follow();
    const updates = collect(again);
    await next.clock.advance(5_000);
    expect(updates).toContainEqual(
      expect.objectContaining({ kind: 'warning', message: expect.stringContaining('did not confirm your answer') }),
    );
    expect(JSON.stringify(again.latest.ledger)).not.toContain('accept');
    server.setStatus('input_required');
    await next.clock.advance(5_000);
    const reply = askApproval(next);
    await next.clock.advance(5_000);
    expect(asked(again)).toEqual([key]);
    await answerNow(again, key, DECLINE);
    expect(await reply).toEqual(DECLINE);
    await next.client.close();
  },
);

test(verifies('Q3', 'an answer unsent at a kill is sent by the next process while the task still waits'), async () => {
  const { world, task } = await asking();
  void askApproval(world);
  await world.clock.settle();
  const [key = ''] = asked(task);
  await killedWhileSending({ world, key });
  const next = world.another();
  await next.client.get('t1').follow();
  next.connection.notify('notifications/tasks/status', CORE_WORKING); // a slow notification from before the question
  await next.clock.advance(5_000);
  const reply = askApproval(next);
  await next.clock.advance(5_000);
  expect(await reply).toEqual(ACCEPT);
  await next.client.close();
});

test(verifies('Q13', 'an answer to a task that has already continued is refused'), async () => {
  const { server, world, task } = await asking();
  void askApproval(world);
  await world.clock.settle();
  const [key = ''] = asked(task);
  await world.client.close();
  const next = world.another();
  const again = await next.client.get('t1').follow();
  const given = answerNow(again, key, ACCEPT).catch((error: { code: string }) => error.code);
  server.setStatus('working');
  await next.clock.advance(5_000);
  expect(await given).toBe('question-not-open');
  await next.client.close();
});
