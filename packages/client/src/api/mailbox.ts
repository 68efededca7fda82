import type { TaskStore } from '../store/task-store.ts';
import { openQuestions } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { mapIterator } from '../worker/broadcast.ts';
import { systemClock } from '../worker/system-clock.ts';
import { until } from '../worker/until.ts';
import type { OutcomeOptions, Question, TaskUpdate } from './client-api.ts';
import type { Mailbox, MailboxOptions, MailboxTask } from './mailbox-api.ts';
import { createMailedTask, type MailContext, type MailedTask } from './mailed-task.ts';
import { onlyMatch } from './only-match.ts';
import type { PostContext } from './post-to-record.ts';
import { readQuestion, withQuestion } from './question.ts';
import { createRecordWatch } from './record-watch.ts';
import { requestCancel } from './request-cancel.ts';
import { openLazily, releaseOnEnd } from './update-iterators.ts';

const DELETED: Outcome = { status: 'unknown', error: { code: null, message: 'The record was deleted' } };
const WORKER_WAIT_MS = 5_000;

/**
 * Reads, lists, follows, answers, cancels and forgets the tasks of a store without a connection to any server: answers
 * and cancels are saved, and the worker that holds the task sends them. Closing the store is up to its creator.
 * @example
 * import { openMailbox } from '@mcp-tasks/client';
 *
 * const mailbox = openMailbox(store);
 * const { records } = await mailbox.list({ asking: true });
 * for (const { id, inputRequests } of records) console.log(id, Object.keys(inputRequests));
 * await mailbox.get(id).cancel();
 * await mailbox.close();
 */
export function openMailbox(shared: TaskStore, options: MailboxOptions = {}): Mailbox {
  const { clock = systemClock, workerWaitMs = WORKER_WAIT_MS, person } = options;
  const store = (person && shared.actingFor?.(person)) ?? shared;
  const closing = { isClosed: false, listeners: new Set<() => void>() };
  const { watch, update } = createRecordWatch(store);
  const around: MailContext = { store, clock, workerWaitMs, watch, closing };
  const post: PostContext = { store: { update }, clock, observe: false, person };

  function answering(question: Question, task: MailedTask): Question {
    const answer: Question['answer'] = (...args) => whileHeld(task, () => question.answer(...args));
    return { ...question, answer };
  }

  function withAnswer(change: TaskChange, task: MailedTask): TaskUpdate {
    const taskUpdate = withQuestion(change, task, post);
    return taskUpdate.kind === 'question'
      ? { ...taskUpdate, question: answering(taskUpdate.question, task) }
      : taskUpdate;
  }

  async function outcomeOf(task: MailedTask, { timeoutMs, signal, stopOnInput }: OutcomeOptions): Promise<Outcome> {
    const timer = new AbortController();
    const stop = AbortSignal.any([timer.signal, ...(signal === undefined ? [] : [signal])]);
    const cancelTimer = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, () => timer.abort());
    const outcome = await until(task, () => outcomeNow(task, stopOnInput === true), stop);
    cancelTimer?.();
    return outcome ?? { status: timer.signal.aborted ? 'timed_out' : 'detached' };
  }

  function get(reference: string): MailboxTask {
    async function open(): Promise<MailedTask> {
      // An empty reference is a prefix of every id.
      const { records } = reference === '' ? { records: [] } : await store.find(reference);
      return createMailedTask(onlyMatch(records, reference), around);
    }

    async function subscribe(): Promise<AsyncIterableIterator<TaskUpdate>> {
      const task = await open();
      const { record } = task;
      const settled =
        record.outcome === null ? undefined : ({ kind: 'settled', outcome: record.outcome, record } as const);
      const present = settled === undefined ? updatesBetween(undefined, record) : [settled];
      const changes = task.broadcast.subscribe(present, ({ kind }) => kind === 'settled');
      const release = task.hold();
      if (closing.isClosed) task.broadcast.end();
      return releaseOnEnd(
        mapIterator(changes, (change) => withAnswer(change, task)),
        release,
      );
    }

    return {
      record: async () => (await open()).record,
      async refresh({ timeoutMs } = {}) {
        const { refreshRecord } = await import('./refresh-record.ts'); // loaded on first use
        return refreshRecord((await open()).record, { store: shared, clock, timeoutMs });
      },
      updates: () => openLazily(subscribe),
      async outcome(outcomeOptions = {}) {
        const task = await open();
        return whileHeld(task, () => outcomeOf(task, outcomeOptions));
      },
      async question(key, digest) {
        const task = await open();
        return answering(readQuestion(task, post, key, digest), task);
      },
      async cancel({ signal } = {}) {
        const task = await open();
        await whileHeld(task, () => requestCancel(task, post, signal));
      },
      async forget() {
        const { id } = (await open()).record;
        await store.remove(id);
      },
    };
  }

  return {
    get,
    list: (filter, page) => store.list(filter, page),
    async close() {
      closing.isClosed = true;
      for (const listener of [...closing.listeners]) listener();
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function outcomeNow({ record, isDeleted, isLeft }: MailedTask, stopOnInput: boolean): Outcome | undefined {
  if (record.outcome !== null) return record.outcome;
  if (isDeleted) return DELETED;
  if (isLeft) return { status: 'detached' };
  const isAsking = record.status === 'input_required' && Object.keys(openQuestions(record)).length > 0;
  return stopOnInput && isAsking ? { status: 'input_required' } : undefined;
}

async function whileHeld<T>(task: MailedTask, work: () => Promise<T>): Promise<T> {
  const release = task.hold();
  try {
    return await work();
  } finally {
    release();
  }
}
