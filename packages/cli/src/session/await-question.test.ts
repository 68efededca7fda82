import type { FollowedTask, TaskRecord, TaskUpdate } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createDeferred } from '../live/world/deferred.ts';
import { awaitQuestion, keepStream } from './await-question.ts';
import { createFakeSession } from './fake-session.ts';

/** A task whose question arrives when the test sends it. */
function taskWithQuestion(record: TaskRecord) {
  const arrival = createDeferred<TaskUpdate>();
  const handle: Partial<FollowedTask> = {
    id: record.id,
    latest: record,
    refresh: async () => record,
    async *updates() {
      yield await arrival.promise;
    },
  };
  return { handle: handle as FollowedTask, sendQuestion: () => arrival.resolve({ kind: 'question' } as TaskUpdate) };
}

/** Records whether the wait has ended. */
function trackEnd(wait: Promise<void>) {
  const state = { isOver: false };
  void wait.then(() => {
    state.isOver = true;
  });
  return state;
}

const ASKS: TaskRecord = { ...task('a1'), status: 'input_required', inputRequests: {} };

test('the wait for an expected question is explained after 2 s, and ends after 10 s', async () => {
  const { clock, lines, session } = createFakeSession();
  const wait = trackEnd(awaitQuestion(session, taskWithQuestion(ASKS).handle));
  await clock.advance(1_999);
  expect(lines).toEqual([]);
  await clock.advance(8_000);
  expect(lines).toEqual([expect.stringMatching(/^a1 {2}waiting for the question of .*; Ctrl-C/)]);
  expect(wait.isOver).toBe(false);
  await clock.advance(1);
  expect(wait.isOver).toBe(true);
  expect(clock.pending).toBe(0);
});

test('the wait for a question that comes within 2 s prints nothing', async () => {
  const { clock, lines, session } = createFakeSession();
  const { handle, sendQuestion } = taskWithQuestion(ASKS);
  const wait = awaitQuestion(session, handle);
  await clock.advance(1_000);
  sendQuestion();
  await wait;
  expect(lines).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('Ctrl-C ends the wait for a question', async () => {
  const { clock, interrupt, session } = createFakeSession();
  const wait = awaitQuestion(session, taskWithQuestion(ASKS).handle);
  interrupt.abort();
  await wait;
  expect(clock.pending).toBe(0);
});

test('the stream of an answer is kept open for at most 5 s', async () => {
  const { clock, session } = createFakeSession();
  const entry = { state: 'acknowledged', digest: 'd', response: { action: 'accept' } } as const;
  const answered = { ...ASKS, ledger: { approve: entry } } as unknown as TaskRecord;
  const wait = trackEnd(keepStream(session.context, taskWithQuestion(answered).handle));
  await clock.advance(4_999);
  expect(wait.isOver).toBe(false);
  await clock.advance(1);
  expect(wait.isOver).toBe(true);
});
