import { expect, test } from 'vitest';
import { createLifecycle } from '../machine/lifecycle.ts';
import { mergeQuestions } from '../machine/questions.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { digestQuestion } from '../task/question.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED } from '../testing/sample-traits.ts';
import { createStepWriter } from './step-writer.ts';

const ask = (message: string) => ({ method: 'elicitation/create', params: { message } });
const staging = ask('Deploy to staging?');
const production = ask('Delete production?');

test.each([
  ['another question has taken its place', production, 'open'],
  ['it is still the same question', staging, 'answering'],
])('after a store that failed, an answer given to one question is sent on only when %s', async (_, next, state) => {
  const memory = createMemoryStore();
  let isFull = true;
  const store: TaskStore = {
    ...memory,
    update: (...args) => (isFull ? Promise.reject(new Error('disk full')) : memory.update(...args)),
  };
  const record = sampleRecord({
    id: 'a1',
    taskId: 't1',
    status: 'input_required',
    inputRequests: { go: staging },
    ledger: mergeQuestions({}, { go: staging }),
  });
  await memory.create(record);
  const lease = await memory.acquireLease('a1', 'us', 1_000, 60_000);
  if (lease === undefined) throw new Error('No lease');
  const first = createLifecycle(record, { traits: LISTED, minPollIntervalMs: 0 });
  const writer = createStepWriter(store, () => undefined);
  const moment = { now: 2_000, chance: 0 };
  const snapshot = { taskId: 't1', status: 'input_required', inputRequests: { go: next } } as const;
  const unsaved = await writer.step(first, { ...moment, type: 'task-observed', polled: true, snapshot }, lease);
  await memory.update('a1', (stored) => ({
    ...stored,
    ledger: {
      go: { state: 'answering', digest: digestQuestion(staging), response: { action: 'accept' }, since: 2_500 },
    },
  }));
  isFull = false;
  const saved = await writer.step(unsaved?.[0] ?? first, { ...moment, type: 'time-passed' }, lease);
  expect(saved?.[0].record.ledger.go?.state).toBe(state);
});
