import { expect, test } from 'vitest';
import type { Failure } from '../../packages/client/src/task/failure.ts';
import { fail } from '../../packages/client/src/testing/index.ts';
import { COMPLETED, polled, RESULT } from './polled-world.ts';
import { verifies } from './scenarios.ts';
import { callTask, WORKING } from './world.ts';

const failures: readonly Failure[] = [
  { kind: 'transport', message: 'ECONNRESET' },
  { kind: 'timeout', message: 'no answer within 30 s' },
  { kind: 'http', status: 502, message: '502 Bad Gateway' },
  { kind: 'http', status: 503, message: '503 Service Unavailable' },
  { kind: 'invalid', message: 'an HTML error page' },
  { kind: 'rpc', code: -32603, message: 'internal error' },
];

test.each(failures.map((failure) => [failure.message, failure] as const))(
  `${verifies('P4', 'after')} "%s" four times in a row, polling backs off and the task completes`,
  async (_, failure) => {
    const world = polled((count) => (count <= 4 ? fail(failure) : COMPLETED));
    const task = await callTask(world);
    const outcome = task.outcome();
    await world.clock.advance(60_000);
    expect(world.polls).toEqual([1_000, 2_000, 3_000, 5_000, 9_000]);
    expect(await outcome).toMatchObject({ status: 'completed', result: RESULT });
  },
);

test(verifies('P4', 'Retry-After is a minimum delay, whatever the poll hint and the backoff are'), async () => {
  const busy: Failure = { kind: 'http', status: 429, message: '429', retryAfterMs: 7_000 };
  const world = polled((count) => (count === 1 ? fail(busy) : WORKING));
  await callTask(world);
  await world.clock.advance(10_000);
  expect(world.polls).toEqual([1_000, 8_000, 9_000, 10_000]);
  await world.client.close();
});

test(verifies('P4', 'one success resets the failure count'), async () => {
  const world = polled((count) => (count % 5 === 0 ? WORKING : fail({ kind: 'transport', message: 'ECONNRESET' })));
  const task = await callTask(world);
  const outcome = task.outcome({ timeoutMs: 120_000 });
  await world.clock.advance(120_000);
  expect(await outcome).toEqual({ status: 'timed_out' });
  await world.client.close();
});

test(
  verifies('P5', 'five failures in a row return unreachable, the record stays open, and following it later works'),
  async () => {
    const world = polled((count) => (count <= 5 ? fail({ kind: 'transport', message: 'ECONNREFUSED' }) : COMPLETED));
    const task = await callTask(world);
    const outcome = task.outcome();
    await world.clock.advance(10_000);
    expect(await outcome).toEqual({
      status: 'unreachable',
      error: { code: null, message: 'scripted: ECONNREFUSED' },
    });
    await world.client.close();
    expect((await world.store.list({ open: true })).records).toMatchObject([{ phase: 'open', status: 'working' }]);
    const later = world.another({ script: () => COMPLETED });
    const again = await later.client.get('t1').follow();
    const end = again.outcome();
    await later.clock.advance(60_000);
    expect(await end).toMatchObject({ status: 'completed', result: RESULT });
  },
);

test(
  verifies('P6', 'a 401 without credentials returns auth_required, the record stays open, and the tool is called once'),
  async () => {
    const world = polled((count) => (count === 1 ? WORKING : fail({ kind: 'auth', message: '401' })));
    const task = await callTask(world);
    const outcome = task.outcome();
    await world.clock.advance(60_000);
    expect(await outcome).toEqual({ status: 'auth_required' });
    expect(world.polls).toHaveLength(2);
    await world.client.close();
    const later = world.another({ script: () => COMPLETED });
    const again = await later.client.get('t1').follow();
    await later.clock.advance(5_000);
    expect(await again.outcome()).toMatchObject({ status: 'completed' });
    expect([world.connection.count('tools/call'), later.connection.count('tools/call')]).toEqual([1, 0]);
  },
);

test(verifies('P7', 'an internal error is retried, and an unknown task has expired'), async () => {
  const world = polled((count) =>
    fail({ kind: 'rpc', code: count === 1 ? -32603 : -32602, message: 'Task not found' }),
  );
  const task = await callTask(world);
  const outcome = task.outcome();
  await world.clock.advance(5_000);
  expect(await outcome).toMatchObject({ status: 'expired', error: { code: -32602, message: 'Task not found' } });
  expect(task.latest).toMatchObject({ phase: 'settled', status: 'working' });
});

test.each([
  [-32601, 'no longer supports tasks'],
  [-32021, 'rejected the request as invalid'],
  [-32003, 'rejected the request as invalid'],
  [-32020, 'rejected the request as invalid'],
])(
  `${verifies('P7', 'after')} %i polling stops, and the record stays open with the reason: %s`,
  async (code, reason) => {
    const world = polled(() => fail({ kind: 'rpc', code, message: 'no' }));
    const task = await callTask(world);
    const outcome = task.outcome();
    await world.clock.advance(60_000);
    expect(await outcome).toMatchObject({ status: 'unknown', error: { code } });
    expect(world.polls).toEqual([1_000]);
    expect(task.latest).toMatchObject({ phase: 'open', outcome: null, trouble: expect.stringContaining(reason) });
    await world.client.close();
  },
);
